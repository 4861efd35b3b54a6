// Acts about drafts, applications, objections and powers of attorney.
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "core/crypto/command_signature.h"
#include "core/registry/values/civil_date.h"
#include "tests/support/registry_life.h"

namespace dataip::testing {
namespace {

using Case = v1::Command::BodyCase;

constexpr char kOtherName[] = "供热调度用2018年1月智能热量表逐时用能数据集";
constexpr char kSealedPath[] = "sources[0].method";
constexpr char kSealedValue[] = "由瓯海区三家供热公司按月提供";

// Joint when the word `共同` names the key of another party.
v1::ApplicationForm FormOf(const Ask& ask) {
  RegistryFixture& world = ask.life.world();
  v1::ApplicationForm form = world.GoodForm(ask.Word("自编号", "R-1"));
  form.mutable_applicants(0)->set_party_number(
      ask.life.PartyOf(ask.Word("申请人", "enterprise")));
  const std::string joint = ask.Word("共同");
  if (!joint.empty()) {
    form.add_applicants()->set_party_number(ask.life.PartyOf(joint));
  }
  v1::Source* source = form.mutable_sources(0);
  source->clear_method();
  v1::SealedField* sealed = form.add_sealed();
  sealed->set_field(kSealedPath);
  sealed->mutable_value()->set_digest(
      std::string(crypto::OpeningCommitment(hash::AsBytes(Digest32('s')),
                                            hash::AsBytes(kSealedValue))
                      .text()));
  const std::string contract_end = ask.Word("合同止");
  if (!contract_end.empty()) {
    source->set_acquisition(v1::PURCHASED);
    *source->mutable_contract() = form.sample().file();
    source->set_contract_end(contract_end);
  }
  if (ask.Word("字段") == "重要数据") {
    form.mutable_fields(0)->set_classification(v1::IMPORTANT);
  }
  return form;
}

void Prepare(const Ask& ask, v1::Command& command) {
  *command.mutable_prepare_application()->mutable_form() = FormOf(ask);
}

uint64_t DraftVersion(const Ask& ask) {
  return registry::FindDraft(ask.state(), ask.object)->version();
}

// The form as it is, but for its name.
void PrepareAgain(const Ask& ask, v1::Command& command) {
  v1::PrepareApplication* body = command.mutable_prepare_application();
  body->set_draft_no(ask.object);
  *body->mutable_form() = registry::FindDraft(ask.state(), ask.object)->form();
  body->mutable_form()->set_name(kOtherName);
  command.set_version(DraftVersion(ask));
}

void CosignDraft(const Ask& ask, v1::Command& command) {
  command.mutable_cosign_application()->set_draft_no(ask.object);
  command.mutable_cosign_application()->set_form_sha256(
      registry::FindDraft(ask.state(), ask.object)->form_sha256());
  command.set_version(DraftVersion(ask));
}

void DiscardDraft(const Ask& ask, v1::Command& command) {
  command.mutable_discard_draft()->set_draft_no(ask.object);
  command.set_version(DraftVersion(ask));
}

void SubmitDraft(const Ask& ask, v1::Command& command) {
  command.mutable_submit_application()->set_draft_no(ask.object);
  command.set_version(DraftVersion(ask));
}

void Submit(const Ask& ask, v1::Command& command) {
  *command.mutable_submit_application()->mutable_form() = FormOf(ask);
}

const v1::Application& At(const Ask& ask) {
  return *registry::FindApplication(ask.state(), ask.object);
}

template <typename Body>
void Name(const Ask& ask, v1::Command& command, Body* body) {
  body->set_application_no(ask.object);
  command.set_version(At(ask).version());
}

void RequestCorrection(const Ask& ask, v1::Command& command) {
  v1::RequestCorrection* body = command.mutable_request_correction();
  Name(ask, command, body);
  for (const absl::string_view field :
       absl::StrSplit(ask.Word("字段", "name"), ',')) {
    v1::Defect* defect = body->add_defects();
    defect->set_field(std::string(field));
    defect->set_reason(ask.Word("理由", "请补充说明"));
  }
}

void Correct(const Ask& ask, v1::Command& command) {
  v1::CorrectApplication* body = command.mutable_correct_application();
  Name(ask, command, body);
  *body->mutable_form() = At(ask).form();
  const bool other = At(ask).form().name() == kOtherName;
  body->mutable_form()->set_name(other ? ask.life.world().GoodForm("").name()
                                       : kOtherName);
  if (ask.Word("另改") != "行业") return;
  body->mutable_form()->set_scenario_industry_code("D4511");
}

void CloseCorrection(const Ask& ask, v1::Command& command) {
  Name(ask, command, command.mutable_close_overdue_correction());
}

void Withdraw(const Ask& ask, v1::Command& command) {
  Name(ask, command, command.mutable_withdraw_application());
  command.mutable_withdraw_application()->set_reason(ask.Word("理由"));
}

void Refuse(const Ask& ask, v1::Command& command) {
  v1::RefuseApplication* body = command.mutable_refuse_application();
  Name(ask, command, body);
  body->add_grounds(ask.Word("理由代码", "R03"));
  body->set_reason(ask.Word("理由", "未经加工,不属于登记对象"));
}

void Check(v1::Checklist* list) {
  list->set_sample_checked(true);
  list->set_masking_checked(true);
  list->set_files_checked(true);
  list->set_duplicates_checked(true);
}

void OpenNotice(const Ask& ask, v1::Command& command) {
  Name(ask, command, command.mutable_open_notice());
  Check(command.mutable_open_notice()->mutable_checklist());
}

void Register(const Ask& ask, v1::Command& command) {
  Name(ask, command, command.mutable_register_application());
}

void Claim(const Ask& ask, v1::Command& command) {
  Name(ask, command, command.mutable_claim_application());
}

void Release(const Ask& ask, v1::Command& command) {
  Name(ask, command, command.mutable_release_application());
}

void RecordOpinion(const Ask& ask, v1::Command& command) {
  v1::RecordOpinion* body = command.mutable_record_opinion();
  Name(ask, command, body);
  v1::DataDepartmentOpinion* opinion = body->mutable_opinion();
  opinion->set_department("示例市数据局");
  opinion->set_document_no("示数函〔2024〕1号");
  *opinion->mutable_document() = ActFile("document");
  opinion->set_agrees(ask.Word("意见", "同意") == "同意");
}

void Disclose(const Ask& ask, v1::Command& command) {
  v1::DiscloseField* body = command.mutable_disclose_field();
  Name(ask, command, body);
  body->set_field(kSealedPath);
  body->mutable_opening()->set_salt(Digest32('s'));
  body->mutable_opening()->set_value(kSealedValue);
}

// Of the application alone, or of all that the words list.
template <typename Body>
void AddItems(const Ask& ask, Body* body) {
  const std::string listed = ask.Word("申请", ask.object);
  for (const absl::string_view number : absl::StrSplit(listed, ',')) {
    v1::BatchItem* item = body->add_items();
    item->set_application_no(std::string(number));
    const auto* found = registry::FindApplication(ask.state(), number);
    item->set_version(found == nullptr ? 1 : found->version());
  }
}

void RequestCorrections(const Ask& ask, v1::Command& command) {
  v1::RequestCorrections* body = command.mutable_request_corrections();
  AddItems(ask, body);
  v1::Defect* defect = body->add_defects();
  defect->set_field(ask.Word("字段", "name"));
  defect->set_reason(ask.Word("理由", "请补充说明"));
  const std::string exception = ask.Word("例外");
  if (exception.empty()) return;
  v1::ItemDefects* other = body->add_exceptions();
  other->set_application_no(exception);
  other->add_defects()->set_field(ask.Word("例外字段", "algorithm_summary"));
  other->mutable_defects(0)->set_reason("算法规则须写明步骤");
}

void OpenNotices(const Ask& ask, v1::Command& command) {
  AddItems(ask, command.mutable_open_notices());
  Check(command.mutable_open_notices()->mutable_checklist());
}

void RegisterMany(const Ask& ask, v1::Command& command) {
  AddItems(ask, command.mutable_register_applications());
}

void Suspend(const Ask& ask, v1::Command& command) {
  Name(ask, command, command.mutable_suspend_application());
  v1::Proceedings* proceedings =
      command.mutable_suspend_application()->mutable_proceedings();
  proceedings->set_kind(v1::SUIT);
  proceedings->set_authority("示例市中级人民法院");
  proceedings->set_case_number("(2024)浙03民初100号");
  proceedings->set_date(ask.life.Today());
  *proceedings->mutable_document() = ActFile("document");
}

void Resume(const Ask& ask, v1::Command& command) {
  Name(ask, command, command.mutable_resume_application());
  command.mutable_resume_application()->set_reason("法院准许撤诉");
}

v1::ObjectionRight RightOf(const std::string& word) {
  return word == "商业秘密" ? v1::RIGHT_TRADE_SECRET : v1::RIGHT_OWNERSHIP;
}

void FileObjection(const Ask& ask, v1::Command& command) {
  v1::FileObjection* body = command.mutable_file_objection();
  body->set_application_no(ask.object);
  v1::ObjectionClaim* claim = body->mutable_claim();
  claim->set_right(RightOf(ask.Word("主张", "权属")));
  claim->add_fields("sources");
  claim->set_statement("该数据来自本单位的热量表,未经授权。");
  *claim->add_evidence() = ActFile("evidence");
}

template <typename Body>
Body* NameObjection(const Ask& ask, v1::Command& command, Body* body) {
  body->set_objection_no(ask.object);
  command.set_version(
      registry::FindObjection(ask.state(), ask.object)->version());
  return body;
}

void Accept(const Ask& ask, v1::Command& command) {
  NameObjection(ask, command, command.mutable_accept_objection());
}

void Reject(const Ask& ask, v1::Command& command) {
  NameObjection(ask, command, command.mutable_reject_objection())
      ->set_reason("证据与主张无关");
}

void Forward(const Ask& ask, v1::Command& command) {
  NameObjection(ask, command, command.mutable_forward_objection());
}

void Answer(const Ask& ask, v1::Command& command) {
  NameObjection(ask, command, command.mutable_answer_objection())
      ->set_answer("数据由本单位自有设备采集");
}

void Uphold(const Ask& ask, v1::Command& command) {
  NameObjection(ask, command, command.mutable_uphold_objection())
      ->set_reason("来源确无授权");
}

void CloseUnanswered(const Ask& ask, v1::Command& command) {
  NameObjection(ask, command, command.mutable_close_unanswered_objection());
}

void Dismiss(const Ask& ask, v1::Command& command) {
  NameObjection(ask, command, command.mutable_dismiss_objection())
      ->set_reason("采集记录证明来源合法");
}

void WithdrawObjection(const Ask& ask, v1::Command& command) {
  NameObjection(ask, command, command.mutable_withdraw_objection())
      ->set_reason("双方和解");
}

// All acts, to the agent unless `给` names another.
void Grant(const Ask& ask, v1::Command& command) {
  v1::GrantAttorney* body = command.mutable_grant_attorney();
  body->set_agent(ask.life.PartyOf(ask.Word("给", "agent")));
  for (int act = v1::ACT_FILE; act <= v1::ACT_LICENCE; ++act) {
    body->add_acts(static_cast<v1::AttorneyAct>(act));
  }
  body->set_valid_from(ask.life.Today());
  const auto today = *registry::ParseDate(ask.life.Today());
  body->set_valid_to(
      ask.Word("至", registry::FormatDate(registry::AddYears(today, 1))));
}

void RevokePower(const Ask& ask, v1::Command& command) {
  command.mutable_revoke_attorney()->set_attorney_no(ask.object);
  command.set_version(ask.state().attorneys.at(ask.object).version());
}

constexpr Act kActs[] = {
    {"立草稿", "T1", Kind::kRegistry, Whose::kParty, Case::kPrepareApplication,
     Prepare},
    {"改草稿", "T1改", Kind::kDraft, Whose::kApplicant,
     Case::kPrepareApplication, PrepareAgain},
    {"会签", "T1签", Kind::kDraft, Whose::kCosigner, Case::kCosignApplication,
     CosignDraft},
    {"放弃草稿", "T1弃", Kind::kDraft, Whose::kApplicant, Case::kDiscardDraft,
     DiscardDraft},
    {"提交草稿", "T2", Kind::kDraft, Whose::kApplicant,
     Case::kSubmitApplication, SubmitDraft},
    {"提交", "T2", Kind::kRegistry, Whose::kParty, Case::kSubmitApplication,
     Submit},
    {"领取", "领取", Kind::kApplication, Whose::kExaminer,
     Case::kClaimApplication, Claim},
    {"退回", "退回", Kind::kApplication, Whose::kExaminer,
     Case::kReleaseApplication, Release},
    {"录入意见", "B17", Kind::kApplication, Whose::kExaminer,
     Case::kRecordOpinion, RecordOpinion},
    {"补正通知", "T3", Kind::kApplication, Whose::kExaminer,
     Case::kRequestCorrection, RequestCorrection},
    {"批量补正", "T3批", Kind::kApplication, Whose::kExaminer,
     Case::kRequestCorrections, RequestCorrections},
    {"补正", "T4", Kind::kApplication, Whose::kApplicant,
     Case::kCorrectApplication, Correct},
    {"视为撤回", "T5", Kind::kApplication, Whose::kClock,
     Case::kCloseOverdueCorrection, CloseCorrection},
    {"不予登记", "T6", Kind::kApplication, Whose::kTwoOfficers,
     Case::kRefuseApplication, Refuse},
    {"开启公示", "T7", Kind::kApplication, Whose::kTwoOfficers,
     Case::kOpenNotice, OpenNotice},
    {"批量公示", "T7批", Kind::kApplication, Whose::kTwoOfficers,
     Case::kOpenNotices, OpenNotices},
    {"撤回", "T8", Kind::kApplication, Whose::kApplicant,
     Case::kWithdrawApplication, Withdraw},
    {"异议", "T9", Kind::kApplication, Whose::kObjector, Case::kFileObjection,
     FileObjection},
    {"中止", "T13b", Kind::kApplication, Whose::kTwoOfficers,
     Case::kSuspendApplication, Suspend},
    {"恢复", "T13b复", Kind::kApplication, Whose::kTwoOfficers,
     Case::kResumeApplication, Resume},
    {"登记", "T14", Kind::kApplication, Whose::kTwoOfficers,
     Case::kRegisterApplication, Register},
    {"批量登记", "T14批", Kind::kApplication, Whose::kTwoOfficers,
     Case::kRegisterApplications, RegisterMany},
    {"公开字段", "公开", Kind::kApplication, Whose::kApplicant,
     Case::kDiscloseField, Disclose},
    {"受理异议", "T9受", Kind::kObjection, Whose::kExaminer,
     Case::kAcceptObjection, Accept},
    {"不受理异议", "T9拒", Kind::kObjection, Whose::kTwoOfficers,
     Case::kRejectObjection, Reject},
    {"转送异议", "T10", Kind::kObjection, Whose::kExaminer,
     Case::kForwardObjection, Forward},
    {"答复异议", "T11", Kind::kObjection, Whose::kApplicant,
     Case::kAnswerObjection, Answer},
    {"异议成立", "T12", Kind::kObjection, Whose::kTwoOfficers,
     Case::kUpholdObjection, Uphold},
    {"逾期未答复", "T12钟", Kind::kObjection, Whose::kClock,
     Case::kCloseUnansweredObjection, CloseUnanswered},
    {"异议不成立", "T13", Kind::kObjection, Whose::kTwoOfficers,
     Case::kDismissObjection, Dismiss},
    {"撤回异议", "T13撤", Kind::kObjection, Whose::kObjector,
     Case::kWithdrawObjection, WithdrawObjection},
    {"委托", "委托", Kind::kRegistry, Whose::kParty, Case::kGrantAttorney,
     Grant},
    {"终止委托", "终止", Kind::kAttorney, Whose::kPrincipal,
     Case::kRevokeAttorney, RevokePower},
};

}  // namespace

std::vector<Act> ApplicationActs() {
  return {std::begin(kActs), std::end(kActs)};
}

}  // namespace dataip::testing
