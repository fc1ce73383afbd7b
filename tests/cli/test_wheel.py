"""The wheel, built and run from a folder that knows nothing of this repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
RUN = "import portal, sys; from portal.cli.main import main; print(portal.__file__, file=sys.stderr); main()"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of the wheel, as an installer lays it out."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--quiet",
    ]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([*build, "-w", str(folder), str(ROOT)], check=True, cwd=folder, env=environment)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        content.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, folder: Path, *asked: str) -> str:
    """What `upstream` prints when it comes from the wheel; the working folder is `folder`."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(installed),
        "UPSTREAM_DATA": str(folder / "data"),
        "UPSTREAM_ENV": "test",
        "SECRET_KEY": "s" * 40,
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN, *asked],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(installed) in done.stderr  # not the repository's own files
    return done.stdout


def test_questionnaires_factors_migrations_and_words_travel_inside(installed: Path, tmp_path: Path) -> None:
    assert "sustainability/2026.1: no problems found" in run(installed, tmp_path, "questionnaire", "check")
    assert run(installed, tmp_path, "migrate")
    assert (tmp_path / "data" / "upstream.db").exists()
    shipped = installed / "portal" / "shipped"
    assert {path.name for path in shipped.iterdir()} >= {"questionnaires", "factors", "migrations"}
    assert list((installed / "portal" / "language" / "translations" / "zh").glob("*.po"))
    assert list(installed.rglob("*.ttf")) + list(installed.rglob("*.otf")) + list(installed.rglob("*.ttc"))


def test_an_estimate_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    line = "1,2024-03-01,S-1,,glass,10,t,,,CN,,"
    header = (
        "line_id,date,supplier_id,product_id,material,quantity,unit,spend,currency,country,sector,description"
    )
    (tmp_path / "ledger.csv").write_text(f"{header}\n{line}\n")
    told = run(installed, tmp_path, "estimate", "--ledger", "ledger.csv", "--year", "2024", "--out", "out")
    assert json.loads(told)["by_method"]["average_data"]["lines"] == 1
    assert (tmp_path / "out" / "lines.parquet").exists()
