"""A package of one portal into another, through its very bytes: site by site where sites match, rolled up and marked where
they do not, nothing over an answer, and twice like once."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.core.errors import Invalid, NotFound, Refused
from portal.core.questionnaire.kinds import to_json
from portal.core.questionnaire.model import find_indicator
from portal.core.questionnaire.sites import asked_per_site
from portal.files.answers_package import AnswersPackage, read_answers_package
from portal.operations.bringing import bring_answers, drop_file, keep_file, matched_by_name, sites_to_match
from portal.operations.carrying import Carried
from portal.operations.scoring import open_case
from portal.operations.sites import SitePlace, add_site
from portal.operations.take_away import answers_json
from portal.store.answers import answers_of
from portal.store.brought import brought_file_of
from portal.store.carrying import carried_of
from portal.store.engine import open_engine, writing
from portal.store.site_answers import chosen_sites
from tests.core.scoring.test_properties import value_of
from tests.make.people import actor_of, make_member
from tests.make.undone import undone
from tests.operations.test_carrying import QUESTIONNAIRE, Years
from tests.operations.test_carrying_sites import AT_SITES, NAMES, SiteYears, everything

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


class There(SiteYears):
    """The other portal: a draft answered for three sites, and what its supplier takes home."""

    def package(self) -> bytes:
        case = open_case(self.session, self.before)
        return answers_json(self.session, case, organisation="Other Buyer (invented)", now=NOW)


class Here(SiteYears):
    """This portal: a draft that nobody has touched."""

    def __init__(self, session: Session, names: tuple[str, ...] = NAMES) -> None:
        Years.__init__(self, session)
        for name in names:
            add_site(session, self.lead, place=SitePlace(name, "CN"), now=NOW)

    def keep(self, data: bytes) -> tuple[str, AnswersPackage]:
        package = read_answers_package(data, "answers.json")
        digest = hashlib.sha256(data).hexdigest()
        row = keep_file(
            self.session, self.lead, assessment=self.now, package=package, name="answers.json", sha256=digest, now=NOW
        )  # fmt: skip
        return row.sha256, package

    def bring(self, data: bytes, match: Mapping[int, str] | None = None) -> Carried:
        number, package = self.keep(data)
        chosen = matched_by_name(package, sites_to_match(self.session, self.now)) if match is None else match
        return bring_answers(
            self.session, self.lead, assessment=self.now, sha256=number, match=chosen, said="file", now=NOW
        )


@pytest.fixture
def there(tmp_path: Path, migrated_file: Path) -> Iterator[There]:
    """A portal with a database of its own."""
    shutil.copy(migrated_file, tmp_path / "there.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'there.db'}")
    with writing(engine) as opened:
        yield There(opened)
    engine.dispose()


def own_answers(years: SiteYears) -> dict[tuple[str, str], object]:
    """What sites answered themselves and may be carried, by site and code."""
    case = open_case(years.session, years.before)
    assert case.sites is not None
    found = {}
    for code, made in case.sites.roll_ups.items():
        one = find_indicator(QUESTIONNAIRE, code)
        assert one is not None
        for part in made.parts:
            if (
                not part.inherited
                and part.value is not None
                and one.nature != "result"
                and code in case.path.open
            ):
                found[case.sites.names[part.site], code] = to_json(one, part.value)
    return found


def test_sites_of_the_same_name_bring_their_own_answers(session: Session, there: There) -> None:
    there.fill()
    here = Here(session, ("HEFEI", "chuzhou", "Yangzhou", "Wuhu"))
    done = here.bring(there.package())
    assert {name: set(codes) for name, codes in done.at_sites.items()} == {
        "chuzhou": {"WST-02"}, "HEFEI": {"WST-02", "GOV-02"}, "Yangzhou": {"WST-02"},
    }  # fmt: skip
    assert {w: (r.value, r.origin, r.confirmed) for w, r in here.rows().items()} == {
        ("chuzhou", "WST-02"): ("yes", "carried", False),
        ("HEFEI", "WST-02"): ("yes", "carried", False),
        ("HEFEI", "GOV-02"): ("none", "carried", False),
        ("Yangzhou", "WST-02"): ("no", "carried", False),
    }
    # the company's own answer, not the worst one that counted; outputs stay where they were measured
    group = answers_of(session, here.now.id)
    assert {c: (r.value, r.confirmed) for c, r in group.items()} == {"GOV-02": ("senior_executive", False)}
    assert [(s.name, s.output) for s in chosen_sites(session, here.now.id)] == [
        ("chuzhou", None), ("HEFEI", None), ("Yangzhou", None),
    ]  # fmt: skip
    kept = carried_of(session, here.now.id)
    assert (kept["EMW-01"].outcome, kept["EMW-01"].value, kept["EMW-01"].sites) == ("beside", "123", 3)
    assert (kept["GOV-02"].outcome, kept["GOV-02"].sites) == ("carried", 0)
    assert brought_file_of(session, here.now.id) is None


def test_without_sites_what_counted_stands_beside_marked_and_waits_for_nobody(
    session: Session, there: There
) -> None:
    there.fill()
    here = Here(session, ())
    done = here.bring(there.package())
    assert (done.carried, done.at_sites) == ((), {})
    assert answers_of(session, here.now.id) == {} and chosen_sites(session, here.now.id) == []
    kept = {c: (r.outcome, r.reason, r.value, r.sites) for c, r in carried_of(session, here.now.id).items()}
    assert kept["WST-02"] == ("beside", "carry_sites_then", "no", 3)
    assert kept["GOV-02"] == ("beside", "carry_sites_then", "none", 3)
    assert kept["EMW-01"] == ("beside", "carry_result", "123", 3)


def test_sites_are_matched_as_a_person_says(session: Session, there: There) -> None:
    there.fill()
    here = Here(session, ("合肥厂区", "Works B", "Hefei"))
    number, package = here.keep(there.package())
    names = [site.name for site in package.sites]
    assert names == list(NAMES)
    assert matched_by_name(package, sites_to_match(session, here.now)) == {1: "hefei"}
    for match, wrong in (
        ({0: "nowhere"}, NotFound),
        ({7: "hefei"}, NotFound),
        ({0: "hefei", 1: "hefei"}, Invalid),
    ):
        before = everything(session)
        with pytest.raises(wrong):
            bring_answers(
                session, here.lead, assessment=here.now, sha256=number, match=match, said="x", now=NOW
            )
        assert everything(session) == before
    done = bring_answers(
        session, here.lead, assessment=here.now, sha256=number, match={1: "合肥厂区", 2: "works b"}, said="x", now=NOW
    )  # fmt: skip
    assert set(done.at_sites) == {"合肥厂区", "Works B"}
    assert (
        here.rows()["合肥厂区", "GOV-02"].value == "none" and here.rows()["Works B", "WST-02"].value == "no"
    )


def test_the_file_of_a_contributor_waits_for_a_lead(session: Session, there: There) -> None:
    there.fill()
    there.answer("GOV-06", "public")
    here = Here(session)
    number, package = here.keep(there.package())
    match = matched_by_name(package, sites_to_match(session, here.now))
    other = actor_of(make_member(session, here.supplier, "contributor"), here.supplier, "contributor")
    done = bring_answers(session, other, assessment=here.now, sha256=number, match=match, said="x", now=NOW)
    assert done.carried == ("GOV-06",) and done.at_sites == {} and here.rows() == {}
    done = bring_answers(
        session, here.lead, assessment=here.now, sha256=number, match=match, said="x", now=NOW
    )
    assert set(done.at_sites) == set(NAMES) and done.carried == ("GOV-02",)
    with pytest.raises(Refused):
        bring_answers(session, here.lead, assessment=here.now, sha256=number, match=match, said="x", now=NOW)


def test_a_newer_file_takes_the_place_of_one_that_waits(session: Session, there: There) -> None:
    there.fill()
    here = Here(session)
    first, _ = here.keep(there.package())
    there.answer("GOV-06", "public")
    second, _ = here.keep(there.package())
    for gone in (first, "", "0" * 64):
        with pytest.raises(Refused):
            drop_file(session, here.lead, assessment=here.now, sha256=gone, now=NOW)
    assert drop_file(session, here.lead, assessment=here.now, sha256=second, now=NOW) == "answers.json"
    assert brought_file_of(session, here.now.id) is None and answers_of(session, here.now.id) == {}


def test_what_waited_to_be_confirmed_there_stays_behind_at_sites_too(session: Session, there: There) -> None:
    there.fill()
    content = json.loads(there.package())
    content["unconfirmed"] = ["GOV-02", "WST-02"]
    done = Here(session).bring(json.dumps(content).encode())
    assert (done.carried, done.at_sites) == ((), {})


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_round_trip_site_by_site_and_twice_is_once(
    session: Session, there: There, data: st.DataObject
) -> None:
    """Whatever sites answered there stands at the sites of the same name here, to be confirmed, and nothing else; with
    fewer than two of them nothing of sites is anybody's answer. A second time changes nothing."""
    with undone(there.session), undone(session):
        picked = data.draw(
            st.lists(st.sampled_from(AT_SITES), min_size=1, max_size=5, unique_by=lambda i: i.code)
        )
        for one in picked:
            for name in data.draw(st.sets(st.sampled_from(NAMES), min_size=1)):
                there.at(there.before, name, one.code, to_json(one, data.draw(value_of(one))))
        names = tuple(sorted(data.draw(st.sets(st.sampled_from(NAMES)))))
        here = Here(session, names)
        package = there.package()
        here.bring(package)
        rows = {where: row.value for where, row in here.rows().items()}
        assert all(row.origin == "carried" and not row.confirmed for row in here.rows().values())
        if len(names) >= 2:
            assert rows == {
                (site, code): v for (site, code), v in own_answers(there).items() if site in names
            }
        else:
            assert rows == {} and chosen_sites(session, here.now.id) == []
        for code in answers_of(session, here.now.id):
            asked = find_indicator(QUESTIONNAIRE, code)
            assert asked is not None and not asked_per_site(asked)
        for code, row in carried_of(session, here.now.id).items():
            asked = find_indicator(QUESTIONNAIRE, code)
            assert asked is not None
            if asked_per_site(asked):
                assert (row.outcome, row.sites) == ("beside", 3)
        once = everything(session)
        here.bring(package)
        assert everything(session) == once
