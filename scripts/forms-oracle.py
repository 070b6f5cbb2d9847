"""Compares our XForms with those that pyxform makes of the same workbooks, by meaning, and lets ODK Validate judge ours.

Usage: forms-oracle.py FOLDER, which holds NAME.xlsx or NAME.csv and our NAME.xml. Two forms mean the same if binds, instances, actions and body
are the same once texts are looked up in each language and blanks in expressions are evened out.
"""

import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pyxform
from pyxform.xls2xform import convert

JR = "{http://openrosa.org/javarosa}"
XF = "{http://www.w3.org/2002/xforms}"
H = "{http://www.w3.org/1999/xhtml}"


def even(text):
    """An expression with blanks only where they separate words, and none inside paths."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"' *(/[\w/.-]+) *'", r"'\1'", text)
    return re.sub(r" ?([^\w '\".\-]) ?", r"\1", text)


def local(tag):
    return tag.rsplit("}", 1)[-1]


def words(element):
    """The text of a label: words, and values as {expression}."""
    parts = [element.text or ""]
    for child in element:
        parts.append("{" + even(child.get("value")) + "}")
        parts.append(child.tail or "")
    return re.sub(r"\s+", " ", "".join(parts)).strip()


class Meaning:
    def __init__(self, xml):
        self.root = ET.fromstring(xml)
        self.model = self.root.find(f"{H}head/{XF}model")
        self.languages = {}
        for translation in self.model.findall(f"{XF}itext/{XF}translation"):
            texts = {text.get("id"): text for text in translation}
            self.languages[translation.get("lang")] = texts

    def text(self, element):
        """What a label says in each language, by form."""
        reference = element.get("ref", "")
        found = re.fullmatch(r"jr:itext\('(.*)'\)", reference)
        if not found:
            said = words(element)
            return {} if not said else {"*": {"": said}}
        return self.itext(found.group(1))

    def itext(self, key):
        said = {}
        for language, texts in self.languages.items():
            values = {}
            for value in texts.get(key, []):
                spoken = words(value)
                if spoken != "-":
                    values[value.get("form", "")] = spoken
            said[language] = values
        distinct = {str(values) for values in said.values()}
        if len(distinct) == 1 and self.languages:
            values = next(iter(said.values()))
            return {"*": values} if values else {}
        return {language: values for language, values in said.items() if values}

    def message(self, value):
        found = re.fullmatch(r"jr:itext\('(.*)'\)", value)
        return self.itext(found.group(1)) if found else {"*": {"": value}}

    def binds(self):
        said = {}
        for bind in self.model.findall(f"{XF}bind"):
            rules = {}
            for name, value in bind.attrib.items():
                if name == "nodeset":
                    continue
                message = local(name) in ("constraintMsg", "requiredMsg")
                rules[name] = self.message(value) if message else even(value)
            said[bind.get("nodeset")] = rules
        return said

    def actions(self):
        """Each action with the element that it stands in."""
        said = []

        def look(element, inside):
            for child in element:
                if local(child.tag) in ("setvalue", "setgeopoint", "recordaudio"):
                    said.append((inside, local(child.tag), tuple(sorted((k, even(v)) for k, v in child.attrib.items()))))
                elif local(child.tag) not in ("instance", "itext"):
                    look(child, child.get("ref") or child.get("nodeset") or inside)

        look(self.model, "model")
        look(self.root.find(f"{H}body"), "body")
        return sorted(said)

    def tree(self, element):
        return (
            element.tag,
            tuple(sorted((k, even(v)) for k, v in element.attrib.items())),
            (element.text or "").strip(),
            tuple(self.tree(child) for child in element),
        )

    def instances(self):
        said = {}
        for instance in self.model.findall(f"{XF}instance"):
            name = instance.get("id", "")
            if instance.get("src"):
                said[name] = instance.get("src")
            elif not name:
                said[name] = self.tree(instance[0])
            else:
                said[name] = [self.item(item) for item in instance[0]]
        return said

    def item(self, item):
        said = {}
        for child in item:
            if local(child.tag) == "itextId":
                said["label"] = self.itext(child.text)
            elif local(child.tag) == "label":
                said["label"] = {"*": {"": words(child)}}
            else:
                said[local(child.tag)] = (child.text or "").strip()
        return said

    def body(self):
        return self.control(self.root.find(f"{H}body"))

    def control(self, element):
        tag = local(element.tag)
        if tag in ("label", "hint") and element.get("ref") in ("label", "title", "name") or tag == "value":
            return (tag, element.get("ref"))
        if tag in ("label", "hint"):
            reference = element.get("ref", "")
            if reference and not reference.startswith("jr:itext('"):
                # Labels of choices kept by language and those kept once are compared with the choices.
                return (tag, "label" if reference == "jr:itext(itextId)" else reference)
            return (tag, self.text(element))
        attributes = tuple(sorted((k, even(v)) for k, v in element.attrib.items()))
        children = [self.control(child) for child in element if local(child.tag) not in ("setvalue", "setgeopoint", "recordaudio")]
        # An empty label says nothing, and ODK Validate refuses groups in which there is nothing to see.
        return (tag, attributes, [child for child in children if child != ("label", {}) and not (child[0] == "group" and not child[2])])

    def head(self):
        submission = self.model.find(f"{XF}submission")
        return {
            "title": self.root.findtext(f"{H}head/{H}title"),
            "submission": dict(submission.attrib) if submission is not None else {},
            "model": dict(self.model.attrib),
            "languages": sorted(self.languages),
            "default": [t.get("lang") for t in self.model.findall(f"{XF}itext/{XF}translation") if t.get("default")],
        }


def differences(path, ours, theirs):
    if ours == theirs:
        return
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(set(ours) | set(theirs), key=str):
            yield from differences(f"{path}/{key}", ours.get(key), theirs.get(key))
    elif isinstance(ours, (list, tuple)) and isinstance(theirs, (list, tuple)) and len(ours) == len(theirs):
        for at, (one, other) in enumerate(zip(ours, theirs)):
            yield from differences(f"{path}[{at}]", one, other)
    else:
        yield f"{path}\n     ours   {ours}\n     theirs {theirs}"


def compare(xlsx, xml):
    theirs = Meaning(convert(str(xlsx), validate=False, pretty_print=False).xform)
    ours = Meaning(xml.read_text())
    found = []
    for part in ("head", "binds", "actions", "instances", "body"):
        mine, other = getattr(ours, part)(), getattr(theirs, part)()
        if part == "head" and not other["default"]:
            # With no text in the default language, theirs names none and clients take the first.
            mine["default"] = other["default"]
        found.extend(differences(part, mine, other))
    return found


def validating(files):
    """Has ODK Validate read all files; one run for all, since starting Java is what takes time, and beside the comparison."""
    jar = next(pathlib.Path(pyxform.__file__).parent.rglob("ODK_Validate.jar"))
    # One form is read once, so what the compiler would gain by thinking twice comes too late.
    command = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.awt.headless=true", "-jar", str(jar), *map(str, files)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def verdicts_of(run):
    """What ODK Validate says of each file."""
    said = {}
    for part in run.communicate()[0].split("Validating: ")[1:]:
        name, _, verdict = part.partition("\n")
        said[pathlib.Path(name.strip()).stem] = verdict
    return said


def to_xls(folder):
    """Writes each workbook in the old format too."""
    import openpyxl
    import xlwt

    for xlsx in sorted(folder.glob("*.xlsx")):
        old = xlwt.Workbook(encoding="utf-8")
        for page in openpyxl.load_workbook(xlsx):
            sheet = old.add_sheet(page.title)
            for row in page.iter_rows():
                for cell in row:
                    if cell.value is not None:
                        sheet.write(cell.row - 1, cell.column - 1, cell.value)
        old.save(str(xlsx.with_suffix(".xls")))


def main():
    if sys.argv[1] == "--to-xls":
        return to_xls(pathlib.Path(sys.argv[2]))
    folder = pathlib.Path(sys.argv[1])
    wrong, agreed = 0, 0
    workbooks = sorted([*folder.glob("*.xlsx"), *folder.glob("*.csv")])
    with validating([xlsx.with_suffix(".xml") for xlsx in workbooks]) as run:
        try:
            for xlsx in workbooks:
                try:
                    found = compare(xlsx, xlsx.with_suffix(".xml"))
                except Exception as error:  # noqa: BLE001: whatever it is, it is a difference
                    found = [f"{type(error).__name__}: {error}"]
                if found:
                    wrong += 1
                    print(f"DIFFERS {xlsx.stem}")
                    print("\n".join(f"   {one}" for one in found[:12]))
                else:
                    agreed += 1
            verdicts = verdicts_of(run)
        finally:
            # Over already, unless something above was raised; nobody reads what it would still say.
            run.kill()
    refused = [xlsx.stem for xlsx in workbooks if "Xform is valid!" not in verdicts.get(xlsx.stem, "")]
    for name in refused:
        print(f"REFUSED {name}: {verdicts.get(name, 'nothing was said of it').strip()[:1500]}")
    print(f"{agreed} forms mean the same, {wrong} differ; ODK Validate accepts {len(workbooks) - len(refused)} of {len(workbooks)}")
    sys.exit(bool(wrong or refused))


main()
