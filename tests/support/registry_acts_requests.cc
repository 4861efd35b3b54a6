// Acts of requests: what holders ask for their certificates, and what becomes
// of it.
#include <string>
#include <utility>

#include "tests/support/registry_life.h"

namespace dataip::testing {
namespace {

using Case = v1::Command::BodyCase;

v1::RequestBody* BodyOf(const Ask& ask, v1::Command& command) {
  command.set_version(SheetAt(ask).status().version());
  command.mutable_file_request()->set_certificate_number(ask.object);
  return command.mutable_file_request()->mutable_body();
}

void Change(const Ask& ask, v1::Command& command) {
  v1::ChangeRequest* change = BodyOf(ask, command)->mutable_change();
  change->set_record_count(SheetAt(ask).content().record_count() + 100);
  change->set_changed_on(ask.Word("发生日", ask.life.Today()));
}

void TransferBy(const Ask& ask, v1::TransferKind kind, v1::Command& command) {
  std::vector<std::string> holders;
  for (const v1::Holder& one : SheetAt(ask).content().holders()) {
    holders.push_back(one.party_number());
  }
  v1::TransferRequest* transfer = BodyOf(ask, command)->mutable_transfer();
  transfer->set_kind(kind);
  const std::string to = ask.Word("给");
  transfer->add_new_holders()->set_party_number(
      to.empty() ? ask.life.PartyBeside(holders) : ask.life.PartyOf(to));
  *transfer->mutable_document() = ActFile("document");
  transfer->set_document_no("ZR-2024-1");
}

void Transfer(const Ask& ask, v1::Command& command) {
  TransferBy(ask, v1::ASSIGNMENT, command);
}

void TransferByJudgment(const Ask& ask, v1::Command& command) {
  TransferBy(ask, v1::JUDGMENT, command);
}

void Renew(const Ask& ask, v1::Command& command) {
  v1::RenewalRequest* renewal = BodyOf(ask, command)->mutable_renewal();
  renewal->set_statement_of_use("三年间持续用于供热调度并对外许可使用");
  const auto* application = registry::FindApplication(
      ask.state(), SheetAt(ask).content().application_no());
  if (application == nullptr) return;
  for (const v1::Source& source : application->form().sources()) {
    if (source.contract_end().empty()) continue;
    renewal->add_contract_ends(ask.Word("合同止", source.contract_end()));
    *renewal->add_contracts() = ActFile("document");
  }
}

void Pledge(const Ask& ask, v1::Command& command) {
  v1::PledgeRequest* pledge = BodyOf(ask, command)->mutable_pledge();
  pledge->set_action(v1::PledgeRequest::REGISTER);
  pledge->set_pledgee(ask.life.PartyOf(ask.Word("给", "bank")));
  pledge->mutable_amount()->set_currency("CNY");
  pledge->mutable_amount()->set_fen(100'000'000);
  pledge->set_valid_from(ask.life.Today());
  pledge->set_valid_to(DaysAfter(ask, 364));
  pledge->set_contract_no(ask.Word("合同", "ZY-2024-1"));
  pledge->set_salt(ask.life.NextSalt());
}

// The actor's own, else the last one; null when there is none.
const v1::Pledge* PledgeOn(const Ask& ask) {
  const v1::Pledge* found = nullptr;
  for (const auto& [number, one] : ask.state().pledges) {
    if (one.certificate_number() != ask.object) continue;
    found = &one;
    if (one.pledgee() == ask.actor) break;
  }
  return found;
}

constexpr char kNoPledge[] = "G20240000000";

void ReleasePledge(const Ask& ask, v1::Command& command) {
  v1::PledgeRequest* pledge = BodyOf(ask, command)->mutable_pledge();
  pledge->set_action(v1::PledgeRequest::RELEASE);
  const v1::Pledge* found = PledgeOn(ask);
  pledge->set_pledge_no(found == nullptr ? kNoPledge : found->pledge_no());
}

// One yuan more, for a year from today.
void ChangePledge(const Ask& ask, v1::Command& command) {
  v1::PledgeRequest* pledge = BodyOf(ask, command)->mutable_pledge();
  pledge->set_action(v1::PledgeRequest::CHANGE);
  const v1::Pledge* found = PledgeOn(ask);
  pledge->set_pledge_no(found == nullptr ? kNoPledge : found->pledge_no());
  pledge->mutable_amount()->set_currency("CNY");
  pledge->mutable_amount()->set_fen(
      100 + (found == nullptr ? 0 : found->amount().fen()));
  pledge->set_valid_to(ask.Word("至", DaysAfter(ask, 364)));
  pledge->set_contract_no(ask.Word("合同", "ZY-2024-1B"));
  pledge->set_salt(ask.life.NextSalt());
}

void Cancel(const Ask& ask, v1::Command& command) {
  BodyOf(ask, command)->mutable_cancellation()->set_reason("数据不再使用");
}

void AskCorrection(const Ask& ask, v1::Command& command) {
  v1::CorrectionRequest* body = BodyOf(ask, command)->mutable_correction();
  body->set_error("记录数录入有误");
  body->mutable_values()->set_record_count(
      SheetAt(ask).content().record_count() - 1);
}

void Replace(const Ask& ask, v1::Command& command) {
  BodyOf(ask, command)->mutable_replacement()->set_reason("更换为统一式样");
}

template <typename Body>
Body* NameRequest(const Ask& ask, v1::Command& command, Body* body) {
  body->set_request_no(ask.object);
  command.set_version(
      registry::FindRequest(ask.state(), ask.object)->version());
  return body;
}

void Cosign(const Ask& ask, v1::Command& command) {
  NameRequest(ask, command, command.mutable_cosign_request());
}

void WithdrawRequest(const Ask& ask, v1::Command& command) {
  NameRequest(ask, command, command.mutable_withdraw_request());
}

void RefuseRequest(const Ask& ask, v1::Command& command) {
  NameRequest(ask, command, command.mutable_refuse_request())
      ->set_reason("材料不足");
}

void Grant(const Ask& ask, v1::Command& command) {
  NameRequest(ask, command, command.mutable_grant_request());
}

constexpr Act kActs[] = {
    {"请求变更", "C1", Kind::kCertificate, Whose::kHolder, Case::kFileRequest,
     Change},
    {"请求转让", "C2", Kind::kCertificate, Whose::kHolder, Case::kFileRequest,
     Transfer},
    {"依判决请求转移", "C2判", Kind::kCertificate, Whose::kSuccessor,
     Case::kFileRequest, TransferByJudgment},
    {"请求续展", "C3", Kind::kCertificate, Whose::kHolder, Case::kFileRequest,
     Renew},
    {"请求质押", "C5", Kind::kCertificate, Whose::kHolder, Case::kFileRequest,
     Pledge},
    {"请求变更质押", "C5变", Kind::kCertificate, Whose::kHolder,
     Case::kFileRequest, ChangePledge},
    {"请求解除质押", "C5解", Kind::kCertificate, Whose::kPledgee,
     Case::kFileRequest, ReleasePledge},
    {"请求注销", "C6", Kind::kCertificate, Whose::kHolder, Case::kFileRequest,
     Cancel},
    {"请求更正", "C10", Kind::kCertificate, Whose::kHolder, Case::kFileRequest,
     AskCorrection},
    {"请求换发", "换发", Kind::kCertificate, Whose::kHolder, Case::kFileRequest,
     Replace},
    {"同意请求", "同意", Kind::kRequest, Whose::kCosigner, Case::kCosignRequest,
     Cosign},
    {"撤回请求", "撤回", Kind::kRequest, Whose::kRequester,
     Case::kWithdrawRequest, WithdrawRequest},
    {"不予办理", "不予", Kind::kRequest, Whose::kTwoOfficers,
     Case::kRefuseRequest, RefuseRequest},
    {"准予办理", "准予", Kind::kRequest, Whose::kTwoOfficers,
     Case::kGrantRequest, Grant},
};

}  // namespace

std::vector<Act> RequestActs() { return {std::begin(kActs), std::end(kActs)}; }

}  // namespace dataip::testing
