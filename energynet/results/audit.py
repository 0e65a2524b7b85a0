"""A run's files against themselves: everything that they say computed again from the saved inputs, primal and dual, without a solve."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from energynet.errors import CertificateFailure, EnergynetError, InputFaults, UsageFault
from energynet.program.linear_program import LinearProgram
from energynet.results.differences import Difference, Differences, compare_arrays, compare_tables, compare_values
from energynet.results.exports import harmless
from energynet.results.files import digest_of_file, files_below, read_arrays, read_json, read_text, read_workbook
from energynet.results.inputs import FOLDER
from energynet.results.manifest import DIGEST, FILES, FORMAT, digest_of_manifest, name_of
from energynet.results.programs import ARRAYS, FAMILIES, arrays_of, families_of, stored_program
from energynet.results.remade import solution_again, stored_case, stored_changes
from energynet.results.result import Result
from energynet.results.store import CASE, MANIFEST, WINDOWS, open_run
from energynet.results.tables import MAKERS, NAMES
from energynet.results.workbook import write_workbook
from energynet.solution import Part, Solution
from energynet.solver.certificate import Certificate, Check, certify, worst_of

SAME_CHECK = 1e-3  # of a tolerance: nearer than this two figures of a check are one, since the last digits of rounding differ by machine
OF_FLOWS = ("rows", "bounds", "objective", "cost table")
BOOK = "tables.xlsx"
BY_DIGEST = ("model_file", "seconds", "solver", FILES, DIGEST, "run", "certificate")  # entries that are held by digests, or compared apart
OWN = (FOLDER, WINDOWS, CASE)  # folders in which nothing else may stand


@dataclass(frozen=True)
class Audit:
    """`certificate` as made anew, the first `differences` and their whole `count`, and in words what was left `unchecked`.

    `compared` is false for an old run, of which only the certificate can be made anew.
    """

    certificate: Certificate
    differences: tuple[Difference, ...]
    count: int
    by_file: Mapping[str, int]
    unchecked: tuple[str, ...]
    compared: bool = True

    @property
    def whole(self) -> bool:
        """Whether all holds and all tables were compared."""
        return self.holds and self.compared

    @property
    def holds(self) -> bool:
        """Whether all is as it should be, as far as it was checked."""
        return self.certificate.holds and not self.count


def audit(path: Path | str) -> Audit:
    """Everything that a run directory says, computed again. What cannot be read, but for the manifest, is a difference.

    Raises InputFaults where the manifest cannot be read, UsageFault where it is of no run, or of one that this version does not know.
    """
    where = Path(path)
    opened = open_run(where)
    manifest, found, unchecked = opened.manifest, Differences(), list[str]()
    if manifest.get("kind", "run") != "run":
        raise UsageFault(f"{where} holds a {manifest['kind']}, which keeps no primal and dual of its scenarios: audit a run, or its base")
    given = manifest.get("format")
    if given is None and not {FILES, DIGEST} & set(manifest) and not (where / CASE).exists():
        return _of_format_1(where, opened)
    seals(where, manifest, found)
    if given != FORMAT:
        if not found.count:
            raise UsageFault(f"{where} is of format {given}, and this version knows formats up to {FORMAT}")
        found.add(MANIFEST, "", "format", given, FORMAT)
    again, certificate = made_again(where, manifest["content"], found, unchecked)
    if again is not None:
        _compare(where, opened, again, found, unchecked)
    return Audit(certificate, tuple(found.shown), found.count, dict(found.by_file), tuple(unchecked))


def seals(where: Path, manifest: Mapping[str, Any], found: Differences) -> None:
    """The digest of each file and of the manifest itself, and that no file is missing or too many."""
    listed, there = manifest.get(FILES), files_below(where)
    if not isinstance(listed, dict):
        found.add(MANIFEST, "", FILES, listed, "the digest of each file")
        listed = {}
    for name, digest in listed.items():
        if name not in there:
            found.add(name, "", "", "no file", "a file")
        elif (now := digest_of_file(there[name])) != digest:
            found.add(name, "", "not as it was written", now[:12], str(digest)[:12])
    for name in there:
        if name not in listed and name != MANIFEST and (name.split("/")[0] in OWN or name.endswith((".parquet", ".npz"))):
            found.add(name, "", "", "a file", "no file")
    seal_of_manifest(manifest, found)


def seal_of_manifest(manifest: Mapping[str, Any], found: Differences) -> None:
    """The digest of all that a manifest says, and the name of its content."""
    if manifest.get(DIGEST) != digest_of_manifest(manifest):
        found.add(MANIFEST, "", DIGEST, str(manifest.get(DIGEST))[:12], digest_of_manifest(manifest)[:12])
    if manifest.get("run") != name_of(manifest.get("content", {})):
        found.add(MANIFEST, "", "run", manifest.get("run"), name_of(manifest.get("content", {})))


def made_again(where: Path, content: Mapping[str, Any], found: Differences, unchecked: list[str]) -> tuple[Result | None, Certificate]:
    """The result of the saved case with the saved primal and dual, and its certificate made anew; None and an empty one where that cannot
    be, for what then stands in `found` and `unchecked`.
    """
    try:
        case, package = stored_case(where)
        changes = stored_changes(content, package)
    except EnergynetError as error:
        found.add(CASE, "", "", f"cannot be read: {_words(error)}", "the case and the data of the run")
        unchecked.append("tables, programs and certificate: the case or its data cannot be read")
        return None, Certificate(())
    digests = {"model_digest": case.digest, "data_digest": package.digest}
    others = [(key, digest) for key, digest in digests.items() if content.get(key) != digest]
    for key, digest in others:
        found.add(CASE, "", key, digest, content.get(key, "no entry"))
    if others:
        unchecked.append("tables, programs and certificate: the case or its data are not those of the run")
        return None, Certificate(())
    scenario = content.get("scenario")
    try:
        solution = solution_again(where, case, package, changes, scenario)
    except CertificateFailure as failure:
        found.add(ARRAYS, "", "", str(failure), "an optimum")
        unchecked.append("tables: the certificate does not hold")
        return None, failure.certificate if isinstance(failure.certificate, Certificate) else Certificate(())
    except EnergynetError as error:
        found.add(ARRAYS, "", "", f"cannot be taken up: {_words(error)}", "the primal and dual of the program")
        unchecked.append("tables, programs and certificate: no solution could be made of the saved primal and dual")
        return None, Certificate(())
    again = Result.of(case, package, solution, changes=changes, scenario=scenario)
    return again, Certificate((*solution.certificate.checks, _reduced(solution)))


def _compare(where: Path, opened: Result, again: Result, found: Differences, unchecked: list[str]) -> None:
    """Everything that the directory holds against the same made again."""
    if again.solution is not None:
        compare_programs(where, again.solution, found)
    compare_manifest(opened.manifest, again, found, unchecked)
    for name, frame in again.inputs.items():
        with _guarded(found, f"{FOLDER}/{name}.parquet"):
            _input(found, opened, name, frame)
    for name in NAMES:
        with _guarded(found, f"{name}.parquet"):
            _table(where, opened, again, name, found)
    if (where / BOOK).is_file():
        with _guarded(found, BOOK):
            _workbook(where, opened, found)


@contextmanager
def _guarded(found: Differences, file: str) -> Iterator[None]:
    """A comparison; what cannot be read or made again is a difference of the file."""
    try:
        yield
    except EnergynetError as error:
        found.add(file, "", "", f"cannot be compared: {_words(error)}", "")


def _words(error: Exception) -> str:
    return str(error.faults[0]) if isinstance(error, InputFaults) and error.faults else " ".join(str(error).split())


def _input(found: Differences, opened: Result, name: str, frame: Any) -> None:  # noqa: ANN401
    stored = opened.inputs[name] if name in opened.inputs else frame.iloc[:0]
    if len(stored) or len(frame):
        compare_tables(found, f"{FOLDER}/{name}.parquet", stored, frame)


def _table(where: Path, opened: Result, again: Result, name: str, found: Differences) -> None:
    """A table against the same made again, and its CSV, where there is one, against it."""
    stored = opened.tables[name]
    if name == "certificate" and again.solution is not None:  # its figures are those of the manifest, which are compared with the new ones
        computed = MAKERS[name](replace(again.solution, certificate=opened.certificate))
    else:
        computed = again.tables[name]
    compare_tables(found, f"{name}.parquet", stored, computed)
    file = where / f"{name}.csv"
    if file.is_file():
        text = read_text(file)
        expected = harmless(computed).to_csv(index=False)
        if text != expected and text != (expected := harmless(stored).to_csv(index=False)):
            _lines(found, file.name, text.splitlines(), expected.splitlines())


def _lines(found: Differences, file: str, stored: list[str], computed: list[str]) -> None:
    if len(stored) != len(computed):
        found.add(file, "", "", f"{len(stored):,} lines", f"{len(computed):,} lines")
    for at, (one, other) in enumerate(zip(stored, computed, strict=False), start=1):
        if one != other:
            found.add(file, f"line {at}", "", one, other)
    if stored == computed:
        found.add(file, "", "", "other line ends", "line ends as written")


def _workbook(where: Path, opened: Result, found: Differences) -> None:
    """Each sheet of the workbook against the same written again from the tables."""
    stored = read_workbook(where / BOOK)
    with tempfile.TemporaryDirectory() as folder:
        write_workbook(opened, Path(folder) / BOOK)
        computed = read_workbook(Path(folder) / BOOK)
    for name in dict.fromkeys([*stored, *computed]):
        if name not in stored or name not in computed:
            found.add(BOOK, f"sheet {name}", "", "a sheet" if name in stored else "no sheet", "a sheet" if name in computed else "no sheet")
            continue
        compare_tables(found, f"{BOOK}, sheet {name}", stored[name], computed[name])


def compare_programs(where: Path, solution: Solution, found: Differences) -> None:
    """Every stored program and its names against the same laid out again."""
    told: list[tuple[Path, LinearProgram, Solution | Part]] = [(where, solution.program, solution)]
    told += [(where / WINDOWS / part.label, part.program, part) for part in solution.parts]
    for folder, program, held in told:
        arrays, families = ((folder / name).relative_to(where).as_posix() for name in (ARRAYS, FAMILIES))
        names: dict[str, Any] = dict.fromkeys(("cost", "lower", "upper", "fuel", "haul", "primal", "reduced"), program.column_name)
        names |= dict.fromkeys(("row_lower", "row_upper", "dual"), program.row_name)
        try:
            compare_arrays(found, arrays, read_arrays(folder / ARRAYS), arrays_of(program, held), names)
            compare_values(found, families, read_json(folder / FAMILIES), json.loads(json.dumps(families_of(program))))
        except InputFaults as error:
            found.add(arrays, "", "", f"cannot be compared: {_words(error)}", "")


def compare_manifest(stored: Mapping[str, Any], again: Result, found: Differences, unchecked: list[str]) -> None:
    """Each entry of the manifest that follows from the rest of the directory."""
    computed = json.loads(json.dumps(again.manifest))
    versions = stored.get("content", {}).get("versions")
    if versions != computed["content"]["versions"]:
        told = ", ".join(f"{name} {number}" for name, number in versions.items()) if isinstance(versions, dict) else str(versions)
        unchecked.append(f"whether the versions are those that made the run ({told}): this audit is made with others")
    computed["content"]["versions"] = versions
    for key in dict.fromkeys([*computed, *stored]):
        if key in (FILES, DIGEST) or (key in BY_DIGEST and key in stored):
            continue
        one, other = ({key: said[key]} if key in said else {} for said in (stored, computed))
        compare_values(found, MANIFEST, one, other)
    if stored.get("solver", {}).get("name") != computed["solver"]["name"]:
        found.add(MANIFEST, "", "solver.name", stored.get("solver"), computed["solver"]["name"])
    _checks(stored["certificate"], computed["certificate"], found)
    unchecked.append("the manifest's seconds, iterations, model_file and versions: held by its digest alone")


def _checks(stored: list[dict[str, Any]], computed: list[dict[str, Any]], found: Differences) -> None:
    """The certificate of the manifest against the one made anew."""
    if [one["check"] for one in stored] != [one["check"] for one in computed]:
        found.add(MANIFEST, "", "certificate", ", ".join(str(c["check"]) for c in stored), ", ".join(str(c["check"]) for c in computed))
        return
    for one, other in zip(stored, computed, strict=True):
        near = SAME_CHECK * other["tolerance"]
        large = max(one["worst"], other["worst"]) > near
        if not abs(one["worst"] - other["worst"]) <= max(near, SAME_CHECK * abs(other["worst"])):
            found.add(MANIFEST, other["check"], "certificate.worst", one["worst"], other["worst"])
        for key in ("where", "unit", "tolerance", "holds") if large else ("unit", "tolerance", "holds"):
            if one.get(key) != other[key]:
                found.add(MANIFEST, other["check"], f"certificate.{key}", one.get(key), other[key])
        for key in one.keys() ^ other.keys():
            found.add(MANIFEST, other["check"], f"certificate.{key}", one.get(key, "no entry"), other.get(key, "no entry"))


def _reduced(solution: Solution) -> Check:
    """The reduced costs that the solver told against those that follow from the dual."""
    program = solution.program
    worst = np.abs(program.cost - program.matrix().T @ solution.dual - solution.reduced).max(initial=0.0)
    return Check("stored reduced costs", float(worst), "", "million USD a unit", 1e-6)


def _of_format_1(where: Path, opened: Result) -> Audit:
    """A run that kept neither its case nor digests: only its program and the solution of it can be looked at."""
    program, held = stored_program(where)
    checks = list(certify(program, held["primal"], held["dual"], opened.objective).checks)
    parts = sorted((where / WINDOWS).iterdir()) if (where / WINDOWS).is_dir() else []
    if parts:  # each window, or each objective in turn, is an optimum by itself; the whole keeps its limits, and its costs add up
        certified = [(part.name, _window(part)) for part in parts]
        checks = [check for check in checks if check.name in OF_FLOWS]
        checks += [replace(check, name=f"parts: {check.name}") for check in worst_of(certified)]
    told = ("tables, inputs and manifest: the run is of format 1, which kept neither its case nor digests of its files; solve it again",)
    return Audit(Certificate(tuple(checks)), (), 0, {}, told, compared=False)


def _window(part: Path) -> Certificate:
    program, held = stored_program(part)
    return certify(program, held["primal"], held["dual"], float(held["objective"]))
