"""The one compiler of rules and loops, with a cache that notices every changed source.

Numba keys a cached function by the time stamp of its own file only. A rule that is called from a loop in
another file would stay old in that loop after an edit. The cache folder is therefore named by a hash of
every source that takes part, so that a changed source meets an empty folder.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
import platformdirs
from numba import _dynfunc
from numba.core import config as numba_config
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering

__all__ = ["code_digest", "compiled", "source_digest"]

_PROJECT = "boundary-governance-simulation"
_SOURCES = (
    "compiler.py",
    "elementary.py",
    "parameters.py",
    "quantile.py",
    "streams.py",
    "wide.py",
    "world/*.py",
    "rules/*.py",
    "engine/*.py",
)
_DAYS_KEPT = 30

_WITHOUT_WRAPPERS = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}

Function = TypeVar("Function", bound=Callable[..., Any])


def source_digest(package: Path | None = None) -> str:
    """Hash the sources and the versions that decide what compiled code does.

    Parameters
    ----------
    package : Path, optional
        Folder of the package; this package by default.

    Returns
    -------
    str
        16 hexadecimal digits.

    Examples
    --------
    >>> len(source_digest())
    16
    """
    package = package or Path(__file__).resolve().parent
    digest = hashlib.blake2b(digest_size=8)
    # The folder takes part because numba's index file is named by path: two checkouts must not share it.
    digest.update(f"{numba.__version__} {np.__version__} {package} {code_digest(package)}".encode())
    return digest.hexdigest()


def code_digest(package: Path | None = None) -> str:
    """Hash the sources that decide what a run does, wherever they lie.

    Parameters
    ----------
    package : Path, optional
        Folder of the package; this package by default.

    Returns
    -------
    str
        16 hexadecimal digits, the same for the same sources in another folder.

    Examples
    --------
    >>> len(code_digest())
    16
    """
    package = package or Path(__file__).resolve().parent
    digest = hashlib.blake2b(digest_size=8)
    for pattern in _SOURCES:
        for source in sorted(package.glob(pattern)):
            digest.update(source.relative_to(package).as_posix().encode() + b"\0")
            digest.update(source.read_bytes() + b"\0")
    return digest.hexdigest()


def _choose_cache() -> None:
    """Point numba to the folder of these sources, unless the user chose one."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        return
    caches = Path(platformdirs.user_cache_dir(_PROJECT, appauthor=False)) / "compiled"
    folder = caches / source_digest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        os.utime(folder)
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix=f"{_PROJECT}-"))
        # Worker processes inherit it, so that the code is compiled once and not once a worker.
        os.environ["NUMBA_CACHE_DIR"] = str(folder)
        atexit.register(_remove_own, folder, os.getpid())
    else:
        _prune(caches, keep=folder)
    # Set on numba's configuration and not in the environment: a child process with other sources
    # must choose its own folder.
    numba_config.CACHE_DIR = str(folder)


def _remove_own(folder: Path, owner: int) -> None:
    # A forked worker ends earlier than its parent, which still needs the folder.
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _prune(caches: Path, keep: Path) -> None:
    """Remove cache folders that nobody has used for a month."""
    oldest = time.time() - _DAYS_KEPT * 86_400
    for folder in caches.iterdir():
        try:
            if folder != keep and folder.is_dir() and folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            # Another process was quicker.
            continue


_choose_cache()


def compiled(function: Function) -> Function:
    """Compile a function of numbers and arrays; it stays callable from Python and from other such functions.

    Division by zero gives infinity or nan as in NumPy. Arithmetic is never re-ordered, because results
    must be the same to the bit on every machine. ``NUMBA_DISABLE_JIT=1`` runs the plain Python.

    Parameters
    ----------
    function : callable
        The function, written in the subset of Python that numba compiles.

    Returns
    -------
    callable
        The compiled function; ``.py_func`` is the original.

    Examples
    --------
    >>> @compiled
    ... def half(x):
    ...     return x / 2
    >>> half(3.0)
    1.5
    """
    # What was typed into a console has no file to cache beside.
    kept = Path(function.__code__.co_filename).is_file()
    dispatcher = numba.njit(cache=kept, error_model="numpy", no_cfunc_wrapper=True)(function)
    if not numba_config.DISABLE_JIT:
        part = numba.njit(pipeline_class=_PartCompiler, error_model="numpy", **_WITHOUT_WRAPPERS)(function)
        dispatcher.get_call_template = lambda args, kws: part.get_call_template(
            tuple(_as_argument(kind) for kind in args),
            {name: _as_argument(kind) for name, kind in kws.items()},
        )
        dispatcher.get_overload = part.get_overload
    return cast(Function, dispatcher)


def _as_argument(kind: Any) -> Any:
    """Give the type as which compiled code hands on an argument: every whole number as one of 64 bits.

    Otherwise a function is compiled anew for every constant and every width of column that it is called
    with, which is most of the time of a first run.
    """
    kind = numba.types.unliteral(kind)
    is_whole = isinstance(kind, numba.types.Integer) and kind.signed
    return numba.types.int64 if is_whole else kind


class _PartLibrary(JITCodeLibrary):  # type: ignore[misc]
    """Code of a function as part of others: it is linked into these, and optimised and translated there."""

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _PartLowering(NativeLowering):  # type: ignore[misc]
    """The step at which numba makes machine code of a function; a part gets none."""

    _name = "part_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = _PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered = state.cr
        # Callers find a part by this function, which nobody can call: it has no address.
        key = _dynfunc.make_function(
            lowered.fndesc.lookup_module(), state.func_id.func_name, "", 0, lowered.env, (state.library,)
        )
        state.targetctx.insert_user_function(key, lowered.fndesc, [state.library])
        state.cr = lowered._replace(cfunc=key)
        return True


class _PartCompiler(CompilerBase):  # type: ignore[misc]
    """Numba's compiler for a function that other compiled functions call.

    Numba makes every function ready to be called from Python, with wrappers and with machine code of all that
    it calls, optimised again at each level. A part is called by compiled code only, and is optimised there
    together with its caller. That takes two fifths off a first run and changes nothing in what is computed.
    """

    def define_pipelines(self) -> list[Any]:
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        for number, (step, text) in enumerate(pipeline.passes):
            if step is NativeLowering:
                pipeline.passes[number] = (_PartLowering, text)
        pipeline.finalize()
        return [pipeline]
