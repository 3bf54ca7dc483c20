"""A mechanism with every lever at zero leaves a run as it is without it."""

from __future__ import annotations

import pytest

from sim.levers.mechanisms import Package, list_mechanisms, load_mechanism, load_package


@pytest.fixture(scope="module")
def bare(live) -> str:  # type: ignore[no-untyped-def]
    """Digest of a run without mechanisms."""
    return str(live(load_package("none"), 60).digest())


def test_every_mechanism_at_level_zero_together_leaves_the_digest(live, bare: str) -> None:  # type: ignore[no-untyped-def]
    """All mechanisms at once, each at zero."""
    idle = Package.of("idle", [load_mechanism(name).at_level(0.0) for name in list_mechanisms()])
    assert live(idle, 60).digest() == bare


def test_the_package_as_described_changes_the_digest(live, bare: str) -> None:  # type: ignore[no-untyped-def]
    """The digest can tell a difference."""
    assert live(load_package("five_links"), 60).digest() != bare


def test_a_lever_at_zero_beside_others_changes_nothing(live) -> None:  # type: ignore[no-untyped-def]
    """An idle mechanism does not move the draws of its neighbours in a package."""
    with_idle = Package.of(
        "with_idle", [load_mechanism("standing_body").at_level(0.0), load_mechanism("party_joint_meeting")]
    )
    alone = Package.of("alone", [load_mechanism("party_joint_meeting")])
    assert live(with_idle, 60).digest() == live(alone, 60).digest()
