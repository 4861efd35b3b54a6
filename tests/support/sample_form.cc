#include "core/crypto/command_signature.h"
#include "core/hash/hash.h"
#include "core/registry/values/civil_date.h"
#include "tests/support/sample_ledger.h"

namespace dataip::test {
namespace {

std::string Digest(const std::string& text) {
  return std::string(hash::Sha256(hash::AsBytes(text)).text());
}

v1::Commitment CommitmentOf(const std::string& value) {
  v1::Commitment commitment;
  const std::string salt = Digest("salt of " + value);
  commitment.set_digest(std::string(
      crypto::OpeningCommitment(hash::AsBytes(salt), hash::AsBytes(value))
          .text()));
  return commitment;
}

void FillScenario(v1::Scenario& scenario) {
  scenario.set_conditions("燃气公司在采暖季开始之前安排管网的调度计划时使用");
  scenario.set_scope("城市居民小区与公共建筑的燃气用量分析与预测");
  scenario.set_object("燃气公司的调度员与供热企业的运行人员");
  scenario.set_problem_solved("提前一周看清用气高峰，减少临时调峰的次数");
}

void FillFields(v1::ApplicationForm& form) {
  struct Field {
    const char* name;
    const char* type;
    const char* meaning;
  };
  for (const Field& field : {Field{"hour", "timestamp", "计量小时的起点"},
                             Field{"usage_m3", "decimal", "该小时的用气量"}}) {
    v1::DataField* added = form.add_fields();
    added->set_name(field.name);
    added->set_type(field.type);
    added->set_meaning(field.meaning);
    added->set_classification(v1::GENERAL);
    form.mutable_sample()->add_columns(field.name);
  }
}

void FillDeposit(const std::string& reference, v1::ApplicationForm& form) {
  constexpr uint64_t kRecords = 744;
  constexpr uint64_t kBytes = 24'000;
  form.set_record_count(kRecords);
  form.set_byte_size(kBytes);
  form.set_storage_format(v1::CSV);
  v1::Deposit* deposit = form.mutable_deposit();
  deposit->set_file_sha256(Digest("file " + reference));
  deposit->set_file_sm3(Digest("sm3 " + reference));
  deposit->set_byte_size(kBytes);
  deposit->set_leaf_count(kRecords + 1);
  deposit->set_root(Digest("root " + reference));
  deposit->set_cut(v1::LINES);
}

}  // namespace

v1::ApplicationForm SampleForm(const std::string& party_number,
                               const std::string& reference,
                               int64_t issued_at_ms) {
  v1::ApplicationForm form;
  form.set_client_reference(reference);
  form.set_name("城市燃气逐时用量分析数据集");
  form.set_object_kind(v1::DATA_SET);
  v1::Applicant* applicant = form.add_applicants();
  applicant->set_party_number(party_number);
  applicant->set_primary(true);
  form.set_industry_code("C4016");
  form.set_region_code("330382");
  FillScenario(*form.mutable_scenario());
  v1::Source* source = form.add_sources();
  source->set_category(v1::ENTERPRISE);
  source->set_acquisition(v1::SELF_COLLECTED);
  source->set_method("由本公司的物联网表具逐时上报并汇集");
  FillFields(form);
  FillDeposit(reference, form);
  form.set_update_frequency(v1::MONTHLY);
  form.set_public_state(v1::NON_PUBLIC);
  form.set_ai_processing_share(v1::NONE);
  std::string summary;
  for (int i = 0; i < 4; ++i) {
    summary += "先去除缺失与重复的读数，再按小时汇总并以滑动平均补齐空缺，";
  }
  form.set_algorithm_summary(summary + "最后输出逐时用量与高峰标记。");
  v1::Evidence* evidence = form.add_evidence();
  evidence->set_kind(v1::DEPOSIT);
  *evidence->mutable_time() = registry::FromUnixMs(issued_at_ms);
  v1::FileCommitment* file = form.mutable_sample()->mutable_file();
  file->set_kind("sample");
  file->set_media_type("application/x-ndjson");
  file->set_byte_size(2048);
  *file->mutable_sha256() = CommitmentOf("sample " + reference);
  form.mutable_sample()->set_row_count(20);
  form.set_commitment_text("本申请人承诺所填内容与所附材料真实、合法、有效。");
  form.add_intents(v1::INTENT_LICENSE);
  form.mutable_contact()->set_role("数据资产管理岗");
  *form.mutable_contact()->mutable_phone() = CommitmentOf("phone");
  form.set_prepared_from("2024-06-01");
  return form;
}

v1::PartyIdentity SamplePerson(const std::string& name,
                               const std::string& salt) {
  const auto commit = [&](const std::string& value) {
    return std::string(
        crypto::OpeningCommitment(hash::AsBytes(salt), hash::AsBytes(value))
            .text());
  };
  v1::PartyIdentity person;
  person.set_kind(v1::NATURAL_PERSON);
  person.set_masked_name("张*");
  person.mutable_name_commitment()->set_digest(commit(name));
  person.mutable_id_number_commitment()->set_digest(
      commit("number on the identity document"));
  person.set_identity_checked(true);
  return person;
}

}  // namespace dataip::test
