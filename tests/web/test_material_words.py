"""Materials are called by their names everywhere, never by their keys."""

from __future__ import annotations

import pytest
from flask import Flask, g
from sqlalchemy.orm import Session

from portal.operations.factor_choices import add_material
from portal.web.forms.suppliers import FactsForm, offer_choices
from portal.web.words import material_word, materials_in_words
from tests.conftest import NOW
from tests.make.people import actor_of, make_staff


@pytest.mark.parametrize(
    ("key", "english", "chinese"),
    [
        ("hydrofluoric_acid", "Hydrofluoric acid", "氢氟酸"),
        ("ribbon_solder", "Ribbon and solder", "焊带与焊料"),
        ("facility_services", "Facility services", "Facility services"),
        ("玻璃胶", "玻璃胶", "玻璃胶"),
        ("GL-32", "GL-32", "GL-32"),
        ("", "No material given", "未注明物料"),
    ],
)
def test_a_key_has_words(key: str, english: str, chinese: str) -> None:
    assert material_word("en", key) == english
    assert material_word("zh", key) == chinese


def test_a_list_of_keys_has_words() -> None:
    assert materials_in_words("en", "glass, hydrofluoric_acid") == "glass, hydrofluoric acid"
    assert materials_in_words("zh", "glass, hydrofluoric_acid") == "玻璃、氢氟酸"


def test_own_materials_bear_their_names_and_are_offered(app: Flask, session: Session) -> None:
    user = make_staff(session, "manager")
    add_material(session, actor_of(user), key="eva_glue", name_en="EVA glue", name_zh="EVA 胶", now=NOW)
    session.commit()
    with app.test_request_context():
        g.actor = actor_of(user)
        assert (material_word("en", "eva_glue"), material_word("zh", "eva_glue")) == ("EVA glue", "EVA 胶")
        assert materials_in_words("en", "glass, eva_glue") == "glass, EVA glue"
        form = FactsForm(formdata=None, data={"materials": ["ribbon_solder"]})
        offer_choices(form)
        offered = [key for key, _words in form.materials.choices]
    assert "eva_glue" in offered and "ribbon" in offered
    assert "ingot_wafer" not in offered, "a near-twin of a ledger's material is not offered"
    assert offered[-1] == "ribbon_solder", "what is on file stays"
