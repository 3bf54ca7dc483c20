"""Overrides as typed – ``key=value`` – checked one by one and written so that the loader takes them."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.errors import InputError, nearest_name
from sim.parameters import PARAMETERS
from sim.studies.scenario import Scenario, list_scenarios, load_scenario
from sim.studies.study_file import STUDY_DEFAULTS, load_study_file

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

__all__ = [
    "AN_OVERRIDE",
    "COMPARISON",
    "KEYS",
    "NUMBERS",
    "STUDY",
    "Vocabulary",
    "expand_jobs",
    "is_of_loader",
    "prepare_overrides",
    "stored_scenario",
]


@dataclass(frozen=True)
class Vocabulary:
    """The keys that may be typed.

    Attributes
    ----------
    keys : tuple of str
        All of them.
    names : tuple of str
        Those whose value is a name or a path; the grammar of overrides knows neither blanks nor Chinese
        in them.
    nested : tuple of str
        Those that hold further keys of their own, which the plan checks.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    nested: tuple[str, ...] = ()


NUMBERS: Final = (
    "years",
    "burn_in",
    "replications",
    "seed",
    "workers",
    "precision",
    "maximum_replications",
)
"""Keys whose value is a number."""

KEYS: Final = ("region", "package", "arms", *NUMBERS, "language", "out", "scenario", "parameters")
AN_OVERRIDE: Final = {
    "zh": "list、template、check、export、report、help，或形如 years=3、arms=[none,five_links] 的 键=值",
    "en": "list, template, check, export, report, help, or key=value as in years=3 or arms=[none,five_links]",
}
_COMMANDS: Final = ("list", "template", "check", "export", "report", "help")
COMPARISON: Final = Vocabulary(KEYS, ("region", "package", "out", "scenario", "language"))
STUDY: Final = Vocabulary(
    ("study", *STUDY_DEFAULTS, "workers", "executor", "part", "parts", "retry", "language", "out"),
    ("study", "region", "package", "out", "language", "executor"),
    ("design", "factors", "uncertain"),
)
_NEEDS_QUOTES: Final = re.compile(r"[^A-Za-z0-9_/.\-+%@]")
# A key and its value in two or three words, and what may follow.
_APART: Final = re.compile(
    r"(?P<all>(?P<key>[\w.]+)(?: [=＝] ?|[=＝] )(?P<value>[^\s=＝]+))(?: .*)?", re.DOTALL
)
# A text in quotes, a sign of a list, or an item.
_LIST_PARTS: Final = re.compile(
    r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|“[^“”]*”|‘[^‘’]*’)|([\[\],，、［］【】])|([^\[\],，、［］【】]+)"""
)
_LIST_SIGNS: Final = str.maketrans("，、［］【】", ",,[][]")
_stored: dict[str, Scenario] = {}


def prepare_overrides(
    overrides: Sequence[str], *, multirun: bool, vocabulary: Vocabulary = COMPARISON
) -> list[str]:
    """Check every override by itself, and write it so that the loader understands it.

    Parameters
    ----------
    overrides : sequence of str
        As typed: ``key=value``.
    multirun : bool
        Whether a key may have several values.
    vocabulary : Vocabulary
        The keys of a comparison, or of a study.

    Returns
    -------
    list of str
        The overrides, names and paths quoted where they must be.

    Raises
    ------
    InputError
        For an unknown key, a value that cannot be read, or several values in a single run.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    _store_configurations()
    parser = OverridesParser.create()
    prepared = []
    _refuse_blanks(overrides, vocabulary)
    for given in overrides:
        typed = _half_width(given, vocabulary)
        written = _quoted(typed, vocabulary)
        try:
            override = parser.parse_override(written)
        except HydraException:
            try:
                # A word is no number, whatever stands around it.
                written = typed if _is_number(typed.partition("=")[0]) else _items_quoted(typed)
                override = parser.parse_override(written)
            except HydraException:
                raise _not_an_override(typed, vocabulary) from None
        _check_override(override, typed, multirun, vocabulary)
        if override.key_or_group == "scenario" and not override.is_sweep_override():
            written = _prepare_scenario(override)
        if override.key_or_group == "study" and not override.is_sweep_override():
            written = _prepare_study(override)
        prepared += _of_nested(override, written, vocabulary)
    return prepared


def expand_jobs(overrides: Sequence[str]) -> Iterator[list[str]]:
    """List the jobs of a multirun: every combination of the values given.

    Parameters
    ----------
    overrides : sequence of str
        As `prepare_overrides` returns them.

    Yields
    ------
    list of str
        The overrides of one job.

    Examples
    --------
    >>> list(expand_jobs(["seed=1,2", "years=3"]))
    [['seed=1', 'years=3'], ['seed=2', 'years=3']]
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser

    choices = []
    for override in OverridesParser.create().parse_overrides(list(overrides)):
        key = override.get_key_element()
        if override.is_sweep_override() and not is_of_loader(override.key_or_group):
            choices.append([f"{key}={value}" for value in override.sweep_string_iterator()])
        else:
            choices.append([str(override.input_line)])
    for job in itertools.product(*choices):
        yield list(job)


def is_of_loader(override: str) -> bool:
    """Tell whether an override is for the loader itself.

    Parameters
    ----------
    override : str
        An override, or its key.

    Returns
    -------
    bool
        True for ``hydra.…`` and ``hydra/…``.

    Examples
    --------
    >>> is_of_loader("hydra.run.dir=x"), is_of_loader("region=hydra")
    (True, False)
    """
    return re.match(r"[+~]*hydra([./=@]|$)", override) is not None


def stored_scenario(key: object) -> Scenario | None:
    """Give the scenario that the loader knows under a name.

    Parameters
    ----------
    key : object
        Name, or None.

    Returns
    -------
    Scenario or None
        None where there is none of that name.
    """
    return _stored.get(str(key))


def _store_configurations() -> None:
    """Tell the loader of every behavioural number and of every scenario."""
    from hydra.core.config_store import ConfigStore
    from omegaconf import OmegaConf

    OmegaConf.register_new_resolver("results_folder", _results_folder, replace=True)
    store = ConfigStore.instance()
    store.store(
        name="parameter_table", node={"parameters": {name: row.default for name, row in PARAMETERS.items()}}
    )
    for name in list_scenarios():
        _store_scenario(load_scenario(name))
    # The table above stands for the parameters.
    defaults = {key: value for key, value in STUDY_DEFAULTS.items() if key != "parameters"}
    store.store(name="study_defaults", node={**defaults, "name": None, "question": None})


def _results_folder(out: object, otherwise: str) -> str:
    """Resolve the folder of a run in the configuration."""
    return otherwise if out is None else str(Path(str(out)).expanduser())


def _store_scenario(scenario: Scenario) -> None:
    from hydra.core.config_store import ConfigStore

    _stored[scenario.key] = scenario
    node = {"scenario": scenario.key, **scenario.settings}
    ConfigStore.instance().store(group="scenario", name=scenario.key, node=node, package="_global_")


def _prepare_scenario(override: Override) -> str:
    value = override.value()
    if value is None:
        return "scenario=null"
    # A scenario of one's own joins those of the project under the stem of its file.
    scenario = load_scenario(str(value))
    _store_scenario(scenario)
    return f"scenario={scenario.key}"


def _prepare_study(override: Override) -> str:
    from hydra.core.config_store import ConfigStore

    from sim.studies.design import DESIGNS
    from sim.studies.study_dimensions import mapping, named_uncertain

    file = load_study_file(str(override.value()))
    node = {"study": file.key, "name": file.name, "question": file.question, **file.settings}
    # Mappings, so that one option of them can be typed.
    design = node.get("design", STUDY_DEFAULTS["design"])
    kind = design if isinstance(design, str) else design.get("kind") if isinstance(design, dict) else None
    if isinstance(kind, str) and kind in DESIGNS:
        own = design if isinstance(design, dict) else {}
        node["design"] = {"kind": kind, **DESIGNS[kind], **own}
    # The loader joins these with the whole table.
    mapping("parameters", node.get("parameters"))
    if isinstance(node.get("uncertain"), list):
        node["uncertain"] = named_uncertain(node["uncertain"])
    # The loader's grammar has no names with blanks or Chinese; the study keeps its own in any case.
    choice = file.key if re.fullmatch(r"\w+", file.key, re.ASCII) else "study_of_ones_own"
    ConfigStore.instance().store(group="study", name=choice, node=node, package="_global_")
    return f"study={choice}"


def _quoted(typed: str, vocabulary: Vocabulary) -> str:
    key, equals, value = typed.partition("=")
    plain = not equals or key not in vocabulary.names or not _NEEDS_QUOTES.search(value)
    # Quoted already, a list, an interpolation, or several values of a multirun.
    if plain or value[:1] in ("'", '"', "[", "{") or "${" in value or ("," in value and key != "out"):
        return typed
    return f"{key}={_in_quotes(value)}"


def _in_quotes(value: str) -> str:
    # Only a backslash before a quote, or at the end, would be read as more than itself.
    escaped = re.sub(r"(\\*)(')", lambda found: found[1] * 2 + r"\'", value)
    escaped = re.sub(r"(\\+)$", lambda found: found[1] * 2, escaped)
    return f"'{escaped}'"


def _items_quoted(typed: str) -> str:
    """Put quotes around what the loader's grammar does not read as it stands, item by item.

    Signs of lists are understood in their full width as well; what stands in quotes is kept as it is.
    """
    key, equals, value = typed.partition("=")
    written = [key, equals]
    for quoted, sign, item in _LIST_PARTS.findall(value):
        if quoted:
            written.append(_in_quotes(quoted[1:-1]) if quoted[0] in "“‘" else quoted)
        elif sign:
            written.append(sign.translate(_LIST_SIGNS))
        elif item.strip():
            written.append(_in_quotes(item.strip()) if _NEEDS_QUOTES.search(item.strip()) else item.strip())
    return "".join(written)


def _half_width(typed: str, vocabulary: Vocabulary) -> str:
    """Read full-width digits and signs where only numbers can stand, and blanks beside a sign of equality."""
    key, equals, value = re.sub(r"^([\w.]+)\s*＝", r"\1=", typed).partition("=")
    if not equals or key.strip() not in vocabulary.keys and not _is_number(key):
        return typed
    if _is_number(key):
        value = unicodedata.normalize("NFKC", value)
    return f"{key.strip()}={value.strip() if key != key.strip() else value}"


def _is_number(key: str) -> bool:
    return key.strip() in NUMBERS or key.strip().startswith("parameters.")


def _refuse_blanks(overrides: Sequence[str], vocabulary: Vocabulary) -> None:
    """Refuse a key and a value that blanks keep apart: the shell hands them over as several words."""
    for place, word in enumerate(overrides):
        found = _APART.fullmatch(" ".join([word, *overrides[place + 1 : place + 3]]))
        # Blanks inside one word were typed in quotes; they are read.
        if found and " " not in word and (found["key"] in vocabulary.keys or _is_number(found["key"])):
            allowed = {"zh": "等号两边不留空格的写法", "en": "the sign of equality without blanks beside it"}
            raise InputError("argument", found["all"], allowed, f"{found['key']}={found['value']}")


def _check_override(override: Override, typed: str, multirun: bool, vocabulary: Vocabulary) -> None:
    key = override.key_or_group
    if is_of_loader(key):
        # A class named on the command line would be called with whatever stands beside it.
        if "_target_" in typed:
            raise InputError("key", key, {"zh": "不含 _target_ 的键", "en": "a key without _target_"})
        return
    known = {*vocabulary.keys, *(f"parameters.{name}" for name in PARAMETERS)}
    is_known = key in known or key.split(".")[0] in vocabulary.nested
    if not is_known or override.package is not None:
        # The bare name of a parameter is the commonest slip, and resembles nothing as it stands.
        nearest = f"parameters.{key}" if key in PARAMETERS else nearest_name(key, known)
        raise InputError("key", key, vocabulary.keys, nearest)
    if override.is_add() or override.is_force_add() or override.is_delete():
        allowed = {"zh": f"不带前缀的 {key}=…", "en": f"{key}=… without a prefix"}
        raise InputError("override", typed, allowed)
    if override.is_sweep_override():
        value = typed.partition("=")[2]
        if not multirun:
            hint = f"[{value.translate(_LIST_SIGNS)}]" if key == "arms" else None
            allowed = {"zh": "一个值；多个值须加 --multirun", "en": "one value; several need --multirun"}
            raise InputError(key, value, allowed, hint)
        if not override.is_discrete_sweep():
            allowed = {"zh": "用逗号分隔的值", "en": "values separated by commas"}
            raise InputError(key, value, allowed)
    elif key == "parameters":
        content = override.value()
        for name in content if isinstance(content, dict) else ():
            if str(name) not in PARAMETERS:
                allowed = {"zh": "参数表中的名称", "en": "a name of the parameter table"}
                raise InputError("parameters", str(name), allowed, nearest_name(str(name), PARAMETERS))
        if not isinstance(content, dict):
            allowed = {"zh": "形如 parameters.名称=数值", "en": "as in parameters.name=number"}
            raise InputError("parameters", content, allowed)


def _of_nested(override: Override, written: str, vocabulary: Vocabulary) -> list[str]:
    """Let what holds keys of its own be replaced as a whole, and its keys be new.

    Whether they belong there is for the plan to say, which knows the nearest name.
    """
    key = override.key_or_group
    if key in vocabulary.nested and not override.is_sweep_override():
        return [f"~{key}", f"+{written}"]
    return [f"++{written}" if key.split(".")[0] in vocabulary.nested and "." in key else written]


def _not_an_override(typed: str, vocabulary: Vocabulary) -> InputError:
    if "=" not in typed:
        return InputError("argument", typed, AN_OVERRIDE, nearest_name(typed, (*_COMMANDS, *vocabulary.keys)))
    key, _, value = typed.partition("=")
    if _is_number(key):
        return InputError(key, value, {"zh": f"数，例如 {key}=3", "en": f"a number, as in {key}=3"})
    return InputError(key, value, AN_OVERRIDE)
