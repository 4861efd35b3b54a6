"""Runs the tests of a script, and counts them for tools/run_tests.py."""

import pathlib
import sys
import unittest
import xml.etree.ElementTree as xml

FLAG = "--xml"


class CountedResult(unittest.TextTestResult):
    """Remembers every test, for the report."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.counted = []

    def startTest(self, test):
        super().startTest(test)
        self.counted.append(test)

    def write(self, path):
        """As GoogleTest writes its cases."""
        wrong = {id(test) for test, _ in self.failures + self.errors}
        wrong |= {id(test.test_case) for test, _ in
                  self.failures + self.errors if hasattr(test, "test_case")}
        suite = xml.Element("testsuite")
        for test in self.counted:
            case = xml.SubElement(
                suite, "testcase", classname=type(test).__name__,
                name=test._testMethodName, status="run", result="completed")
            if id(test) in wrong:
                xml.SubElement(case, "failure")
        pathlib.Path(path).parent.mkdir(exist_ok=True)
        xml.ElementTree(suite).write(path)


def main():
    """unittest.main with `--xml FILE` for the report."""
    arguments = list(sys.argv)
    path = None
    if FLAG in arguments:
        at = arguments.index(FLAG)
        path = arguments[at + 1]
        del arguments[at:at + 2]
    runner = unittest.TextTestRunner(resultclass=CountedResult)
    program = unittest.main(module="__main__", argv=arguments,
                            testRunner=runner, exit=False)
    if path is not None:
        program.result.write(path)
    sys.exit(not program.result.wasSuccessful())
