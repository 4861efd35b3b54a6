"""The scenario `full`: the guides of docs/guide, from 2023-07-03 on.

One application through correction, objection, dismissal, registration, change,
transfer, renewal and expiry; one through refusal; one through revocation.
"""

import shutil

import guide
import stack as installation

ROOT = installation.ROOT
START = "2023-07-03T08:00:00+08:00"
GUIDES = [ROOT / "docs/guide/enterprise.md", ROOT / "docs/guide/examiner.md"]
# role, name, GB 32100 code
PARTIES = [
    ("enterprise", "浙江示例智能表计有限公司", installation.ENTERPRISE_USCC),
    ("transferee", "示例城市供热有限公司", installation.LICENSEE_USCC),
    ("objector", "示例数据服务有限公司", "91330382MA0000779A"),
]


def prepare(stack):
    """Servers, officers and parties as the guides find them."""
    stack.start_of_demonstration = START
    stack.begin()
    for role, name, uscc in PARTIES:
        if not stack.key(f"{role}.pem").exists():
            stack.run("dataip", "keys", "new", "--algorithm", "sm2", "--out",
                      stack.key(f"{role}.pem"))
        stack.register_party(role, name, uscc)
    work = stack.folder / "work"
    shutil.copytree(ROOT / "docs/guide/files", work)
    shutil.copytree(ROOT / "tests/data/metering/data", work / "data")
    shutil.copyfile(ROOT / "tests/data/metering/fields.csv",
                    work / "fields.csv")
    shutil.copyfile(stack.folder / "trust.json", work / "trust.json")
    return guide.Runner(stack, installation.BIN, work)


def steps(guides=None):
    return guide.read(guides or GUIDES)
