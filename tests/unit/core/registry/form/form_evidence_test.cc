// Rules of the form: what the applicant proves and declares.
#include "gtest/gtest.h"
#include "tests/support/registry_fixture.h"
#include "tests/unit/core/registry/form/form_fixture.h"

namespace dataip::registry {
namespace {

using ::dataip::testing::kTestStartMs;

TEST_F(FormRules, AlgorithmSummary) {
  Expect("algorithm_summary", "B15",
         [](Form& form) { form.set_algorithm_summary("先清洗后建模"); });
  Expect("algorithm_summary", "B15", [](Form& form) {
    form.set_algorithm_summary(std::string(3'001, 'a'));
  });
  Expect("algorithm_summary", "B15",
         [](Form& form) { form.mutable_algorithm_summary()->append("\t"); });
}

void UsePersonalData(Form& form) {
  form.mutable_sources(0)->set_category(v1::PERSONAL);
  v1::Deidentification* deid = form.mutable_deidentification();
  deid->set_method("用户编号由随机数替换且替换表已销毁");
  deid->set_standard("GB/T 37964-2019");
  deid->set_reidentification_test("未能识别到特定个人");
  deid->set_irreversible(true);
}

TEST_F(FormRules, PersonalDataAreDeidentified) {
  ExpectGood(UsePersonalData);
  Expect("deidentification", "B16", [](Form& form) {
    UsePersonalData(form);
    form.clear_deidentification();
  });
  Expect("deidentification.irreversible", "B16", [](Form& form) {
    UsePersonalData(form);
    form.mutable_deidentification()->clear_irreversible();
  });
  Expect("deidentification.method", "B16", [](Form& form) {
    UsePersonalData(form);
    form.mutable_deidentification()->clear_method();
  });
  Expect("deidentification.standard", "B16", [](Form& form) {
    UsePersonalData(form);
    form.mutable_sources(0)->set_category(v1::PUBLIC);
    form.mutable_deidentification()->clear_standard();
  });
  Expect("deidentification.reidentification_test", "B16", [](Form& form) {
    UsePersonalData(form);
    form.mutable_deidentification()->clear_reidentification_test();
  });
}

TEST_F(FormRules, Deposit) {
  Expect("deposit", "B14", [](Form& form) { form.clear_deposit(); });
  Expect("deposit", "B14",
         [](Form& form) { form.mutable_deposit()->set_root("short"); });
  Expect("byte_size", "B14",
         [](Form& form) { form.mutable_deposit()->set_byte_size(63'375); });
  Expect("record_count", "B14",
         [](Form& form) { form.mutable_deposit()->set_leaf_count(697); });
  Expect("deposit.cut", "B14",
         [](Form& form) { form.mutable_deposit()->clear_cut(); });
}

TEST_F(FormRules, OwnDeposit) {
  Expect("evidence", "EVIDENCE", [](Form& form) { form.clear_evidence(); });
  Expect("evidence[0].time", "B12", [](Form& form) {
    *form.mutable_evidence(0)->mutable_time() = FromUnixMs(kTestStartMs - 1);
  });
  Expect("evidence[0]", "B13",
         [](Form& form) { form.mutable_evidence(0)->set_number("1"); });
  Expect("evidence[0].kind", "EVIDENCE",
         [](Form& form) { form.mutable_evidence(0)->clear_kind(); });
  Expect("evidence[1].kind", "EVIDENCE",
         [](Form& form) { *form.add_evidence() = form.evidence(0); });
}

void UseNotary(Form& form) {
  v1::Evidence* evidence = form.add_evidence();
  evidence->set_kind(v1::NOTARY);
  evidence->set_provider("温州市中信公证处");
  evidence->set_number("(2024)浙温证字第1号");
  *evidence->mutable_time() = FromUnixMs(kTestStartMs);
  std::string hex;
  for (int i = 0; i < 32; ++i) hex += "61";  // 'a'
  evidence->set_hash_hex(hex);
  *evidence->mutable_file() = form.sample().file();
}

TEST_F(FormRules, OtherEvidence) {
  ExpectGood(UseNotary);
  Expect("evidence[1].time", "B12", [](Form& form) {
    UseNotary(form);
    *form.mutable_evidence(1)->mutable_time() = FromUnixMs(kTestStartMs + 1);
  });
  Expect("evidence[1].hash_hex", "B13", [](Form& form) {
    UseNotary(form);
    form.mutable_evidence(1)->mutable_hash_hex()->pop_back();
  });
  Expect("evidence[1].hash_hex", "B14", [](Form& form) {
    UseNotary(form);
    form.mutable_evidence(1)->set_hash_hex(std::string(64, '0'));
  });
  Expect("evidence[1].provider", "EVIDENCE", [](Form& form) {
    UseNotary(form);
    form.mutable_evidence(1)->clear_provider();
  });
  Expect("evidence[1].file", "EVIDENCE", [](Form& form) {
    UseNotary(form);
    form.mutable_evidence(1)->clear_file();
  });
}

TEST_F(FormRules, Sample) {
  Expect("sample.file", "B09",
         [](Form& form) { form.mutable_sample()->clear_file(); });
  for (uint32_t rows : {0u, 501u}) {
    Expect("sample.row_count", "B09",
           [&](Form& form) { form.mutable_sample()->set_row_count(rows); });
  }
  Expect("sample.columns", "B09", [](Form& form) {
    form.mutable_sample()->mutable_columns()->SwapElements(0, 1);
  });
  Expect("sample.scan_findings", "B10",
         [](Form& form) { form.mutable_sample()->set_scan_findings(1); });
}

TEST_F(FormRules, Declarations) {
  Expect("commitment_text", "B21",
         [](Form& form) { form.clear_commitment_text(); });
  Expect("intents[1]", "INTENTS", [](Form& form) {
    form.add_intents(v1::INTENT_PLEDGE);
    form.add_intents(v1::INTENT_LICENSE);
  });
  Expect("intents[0]", "INTENTS",
         [](Form& form) { form.add_intents(v1::USE_INTENT_UNSPECIFIED); });
  Expect("prior_registrations[0].date", "B19", [](Form& form) {
    v1::PriorRegistration* prior = form.add_prior_registrations();
    prior->set_registry("江苏");
    prior->set_number("1");
    prior->set_date("2024-06-21");
  });
  Expect("attachments[0]", "FILE", [](Form& form) {
    *form.add_attachments() = form.sample().file();
    form.mutable_attachments(0)->set_byte_size(0);
  });
}

TEST_F(FormRules, ContactAndPreparation) {
  Expect("contact.role", "CONTACT",
         [](Form& form) { form.mutable_contact()->clear_role(); });
  Expect("contact.phone", "CONTACT",
         [](Form& form) { form.mutable_contact()->clear_phone(); });
  Expect("contact.name", "CONTACT", [](Form& form) {
    form.mutable_contact()->mutable_name()->set_digest("x");
  });
  Expect("series", "SERIES",
         [](Form& form) { form.set_series(std::string(201, 's')); });
  for (const char* day : {"", "2024-06-21", "14 June"}) {
    Expect("prepared_from", "PREPARED",
           [&](Form& form) { form.set_prepared_from(day); });
  }
}

TEST_F(FormRules, ADepositThatStaysKeepsItsTime) {
  Form form = Fixture().GoodForm("R-1");
  FormContext context = Context();
  context.issued_at = FromUnixMs(kTestStartMs + 60'000);
  EXPECT_EQ(Text(ValidateForm(form, context)), "evidence[0].time B12\n");
  context.earlier_deposit_at = FromUnixMs(kTestStartMs);
  EXPECT_EQ(Text(ValidateForm(form, context)), "");
}

}  // namespace
}  // namespace dataip::registry
