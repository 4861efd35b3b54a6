// tests/data/bad.csv through the client's reading of a row and the registry's
// rules of the form: each row breaks the rule that it names and no other.
#include <gtest/gtest.h>

#include <functional>
#include <regex>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/filing/filing.h"
#include "core/registry/precheck/precheck.h"
#include "tests/integration/import/judge.h"
#include "tests/integration/import/state_breaks.h"
#include "tests/support/process.h"

namespace dataip {
namespace {

namespace v1 = registry::v1;

using test::InTests;
using test::Judge;
using test::kFiledAtMs;

std::string Breaks(const rpc::v1::FieldViolation& violation) {
  return violation.field().empty()
             ? violation.rule()
             : absl::StrCat(violation.rule(), " ", violation.field());
}

std::set<std::string> AllBroken(const client::Violations& violations) {
  std::set<std::string> broken;
  for (const auto& violation : violations) broken.insert(Breaks(violation));
  return broken;
}

std::string RuleOf(absl::string_view breaks) {
  return std::string(breaks.substr(0, breaks.find(' ')));
}

// What no cell of a table can say: a good form with one thing made wrong.
struct Edit {
  const char* breaks;
  std::function<void(v1::ApplicationForm&)> change;
};

void AddNotarialDeed(v1::ApplicationForm& form) {
  v1::Evidence& deed = *form.add_evidence();
  deed.set_kind(v1::NOTARY);
  deed.set_provider("乐清市公证处");
  deed.set_number("(2024)浙乐证字第 1 号");
  deed.mutable_time()->set_seconds(kFiledAtMs / 1000);
  for (unsigned char byte : form.deposit().file_sm3()) {
    deed.mutable_hash_hex()->append(
        absl::StrCat(absl::Hex(byte, absl::kZeroPad2)));
  }
  *deed.mutable_file() = form.sample().file();
}

std::vector<Edit> ApplicantEdits() {
  using Form = v1::ApplicationForm;
  return {
      {"APPLICANTS applicants", [](Form& form) { form.clear_applicants(); }},
      {"APPLICANTS applicants",
       [](Form& form) { form.mutable_applicants(0)->set_primary(false); }},
      {"B02 applicants[0].party_number",
       [](Form& form) { form.mutable_applicants(0)->set_party_number("P1"); }},
      {"B02 applicants[1].party_number",
       [](Form& form) {
         *form.add_applicants() = form.applicants(0);
         form.mutable_applicants(1)->set_primary(false);
       }},
      {"SHARES applicants",
       [](Form& form) { form.mutable_applicants(0)->set_share_bp(9'999); }},
      {"B24 object_kind",
       [](Form& form) { form.set_object_kind(v1::DATA_ALGORITHM); }},
      {"B24 object_kind", [](Form& form) { form.clear_object_kind(); }},
  };
}

std::vector<Edit> EvidenceEdits() {
  using Form = v1::ApplicationForm;
  return {
      {"B14 deposit", [](Form& form) { form.clear_deposit(); }},
      {"B14 deposit",
       [](Form& form) { form.mutable_deposit()->mutable_root()->pop_back(); }},
      {"B14 deposit.cut",
       [](Form& form) {
         form.set_storage_format(v1::EXCEL);
         form.mutable_sample()->set_row_count(1);
       }},
      {"EVIDENCE evidence", [](Form& form) { form.clear_evidence(); }},
      {"EVIDENCE evidence[1].kind",
       [](Form& form) { *form.add_evidence() = form.evidence(0); }},
      {"EVIDENCE evidence[1].provider",
       [](Form& form) {
         AddNotarialDeed(form);
         form.mutable_evidence(1)->clear_provider();
       }},
      {"EVIDENCE evidence[1].file",
       [](Form& form) {
         AddNotarialDeed(form);
         form.mutable_evidence(1)->clear_file();
       }},
      {"B12 evidence[0].time",
       [](Form& form) {
         form.mutable_evidence(0)->mutable_time()->set_nanos(1);
       }},
      {"B12 evidence[1].time",
       [](Form& form) {
         AddNotarialDeed(form);
         form.mutable_evidence(1)->mutable_time()->set_seconds(
             kFiledAtMs / 1000 + 1);
       }},
      {"B13 evidence[0]",
       [](Form& form) { form.mutable_evidence(0)->set_number("1"); }},
      {"B13 evidence[1].hash_hex",
       [](Form& form) {
         AddNotarialDeed(form);
         form.mutable_evidence(1)->mutable_hash_hex()->pop_back();
       }},
      {"B14 evidence[1].hash_hex",
       [](Form& form) {
         AddNotarialDeed(form);
         form.mutable_evidence(1)->set_hash_hex(std::string(64, '0'));
       }},
  };
}

std::vector<Edit> SampleEdits() {
  using Form = v1::ApplicationForm;
  return {
      {"B09 sample.file",
       [](Form& form) { form.mutable_sample()->clear_file(); }},
      {"B09 sample.row_count",
       [](Form& form) { form.mutable_sample()->set_row_count(501); }},
      {"B10 sample.scan_findings",
       [](Form& form) { form.mutable_sample()->set_scan_findings(1); }},
      {"FILE sample.file",
       [](Form& form) {
         form.mutable_sample()->mutable_file()->set_byte_size(20'971'521);
       }},
      {"FILE attachments[0]",
       [](Form& form) {
         *form.add_attachments() = form.sample().file();
         form.mutable_attachments(0)->clear_kind();
       }},
      {"B18 duplicate_explanation",
       [](Form& form) {
         form.set_duplicate_explanation(std::string(501, 'a'));
       }},
      {"B21 commitment_text", [](Form& form) { form.clear_commitment_text(); }},
      {"INTENTS intents[1]",
       [](Form& form) {
         form.add_intents(v1::INTENT_PLEDGE);
         form.add_intents(v1::INTENT_PLEDGE);
       }},
  };
}

std::vector<Edit> Edits() {
  std::vector<Edit> all = ApplicantEdits();
  for (const auto& more : {EvidenceEdits(), SampleEdits()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

TEST(BadCsv, BreaksInEachRowTheRuleThatItNamesAndNoOther) {
  const Judge judge(InTests("bad.csv"), InTests("bad"));
  ASSERT_GT(judge.table().rows.size(), 90u);
  for (const client::CsvRow& row : judge.table().rows) {
    std::string expected(judge.table().Cell(row, "breaks"));
    if (!row.flaw.empty()) expected = "CSV";
    ASSERT_FALSE(expected.empty()) << "line " << row.line;
    const auto violations = judge.Violations(row);
    EXPECT_EQ(AllBroken(violations), std::set<std::string>{expected})
        << "line " << row.line;
    for (const auto& violation : violations) {
      EXPECT_FALSE(violation.message_zh().empty()) << "line " << row.line;
      EXPECT_FALSE(violation.message_en().empty()) << "line " << row.line;
    }
  }
}

TEST(BadCsv, AFormBreaksTheRuleThatTheEditNamesAndNoOther) {
  const Judge judge(InTests("metering/applications.csv"), InTests("metering"));
  const v1::ApplicationForm good =
      judge.Make(judge.table().rows[48]).filing.form;
  ASSERT_TRUE(judge.Check(good).empty());
  v1::ApplicationForm with_deed = good;
  AddNotarialDeed(with_deed);
  ASSERT_TRUE(judge.Check(with_deed).empty());
  for (const Edit& edit : Edits()) {
    v1::ApplicationForm form = good;
    edit.change(form);
    const auto violations = judge.Check(form);
    EXPECT_EQ(AllBroken(violations), std::set<std::string>{edit.breaks});
  }
}

TEST(BadCsv, HasACaseForEveryRuleThatTheSourcesName) {
  std::set<std::string> covered;
  const Judge judge(InTests("bad.csv"), InTests("bad"));
  for (const client::CsvRow& row : judge.table().rows) {
    covered.insert(RuleOf(judge.table().Cell(row, "breaks")));
  }
  for (const Edit& edit : Edits()) covered.insert(RuleOf(edit.breaks));
  covered.erase("");

  std::set<std::string> named;
  const std::regex rule("\"(B[0-9]{2}|[A-Z][A-Z_]{2,})\"");
  for (const char* file :
       {"core/registry/form/form_rules.cc",
        "core/registry/form/form_identity.cc",
        "core/registry/form/form_structure.cc",
        "core/registry/form/form_evidence.cc",
        "core/registry/form/form_declarations.cc", "client/filing/row_reader.h",
        "client/filing/sample.cc"}) {
    const std::string source =
        test::ReadFile(std::string(DATAIP_SOURCE_DIR "/") + file);
    for (std::sregex_iterator it(source.begin(), source.end(), rule), end;
         it != end; ++it) {
      named.insert((*it)[1]);
    }
  }
  // Words that cells may hold, no rules.
  for (const char* word : {"FALSE", "TRUE"}) named.erase(word);
  EXPECT_EQ(covered, named);
}

// By a row, or where no cell can say it, by an edit or in a state of the
// registry (tests/data/bad/README.md).
TEST(BadCsv, BreaksEveryRuleOfAppendixBSomewhere) {
  std::set<std::string> broken;
  const Judge judge(InTests("bad.csv"), InTests("bad"));
  for (const client::CsvRow& row : judge.table().rows) {
    broken.insert(RuleOf(judge.table().Cell(row, "breaks")));
  }
  for (const Edit& edit : Edits()) broken.insert(RuleOf(edit.breaks));
  for (const test::StateBreak& one : test::StateBreaks()) {
    const std::vector<std::string> words = absl::StrSplit(one.breaks, ' ');
    broken.insert(words[1]);
  }
  ASSERT_EQ(registry::PrecheckRules().size(), 24u);
  for (const registry::PrecheckRule& rule : registry::PrecheckRules()) {
    EXPECT_EQ(broken.count(std::string(rule.rule)), 1u) << rule.rule;
  }
}

TEST(BadCsv, FindsNothingInThe54MeteringRows) {
  const Judge judge(InTests("metering/applications.csv"), InTests("metering"));
  ASSERT_EQ(judge.table().rows.size(), 54u);
  for (const client::CsvRow& row : judge.table().rows) {
    EXPECT_EQ(AllBroken(judge.Violations(row)), std::set<std::string>{})
        << "line " << row.line;
  }
}

TEST(BadCsv, ThePrecheckPartsEveryMessageIntoReasonAndRemedy) {
  const Judge judge(InTests("bad.csv"), InTests("bad"));
  for (const client::CsvRow& row : judge.table().rows) {
    for (const auto& violation : judge.Violations(row)) {
      const registry::Finding finding = registry::FindingOf(violation);
      EXPECT_EQ(finding.rule, violation.rule()) << "line " << row.line;
      EXPECT_EQ(finding.severity, registry::Severity::kBlocks);
      for (const std::string* text : {&finding.reason_zh, &finding.reason_en,
                                      &finding.remedy_zh, &finding.remedy_en}) {
        EXPECT_FALSE(text->empty())
            << "line " << row.line << ": " << violation.message_zh() << " / "
            << violation.message_en();
      }
    }
  }
}

TEST(BadCsv, ThePrecheckFindsNothingInThe54MeteringRows) {
  const Judge judge(InTests("metering/applications.csv"), InTests("metering"));
  for (const client::CsvRow& row : judge.table().rows) {
    for (const auto& finding : judge.Precheck(judge.Make(row).filing.form)) {
      ADD_FAILURE() << "line " << row.line << ": " << finding.rule << " "
                    << finding.field << " " << finding.reason_en;
    }
  }
}

}  // namespace
}  // namespace dataip
