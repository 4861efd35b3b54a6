// Certificates against the rules of what their holders ask: C1 to C3, C5.
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "tests/support/forge_edits.h"
#include "tests/support/forge_lies.h"

namespace dataip::test {
namespace {

using Kind = v1::Command;
using registry::State;

// A request for a transfer that somebody has still to consent to, or nobody.
const v1::CertificateRequest* TransferThat(const State& state, bool waits,
                                           v1::OverlayKind on) {
  return FirstIn(state.requests, [&](const v1::CertificateRequest& one) {
    if (!one.body().has_transfer()) return false;
    if (one.state() !=
        (waits ? v1::REQUEST_AWAITING_COSIGN : v1::REQUEST_UNDER_REVIEW)) {
      return false;
    }
    const auto sheet = state.certificates.find(one.certificate_number());
    return sheet != state.certificates.end() &&
           (on == v1::OVERLAY_KIND_UNSPECIFIED || Has(sheet->second, on));
  });
}

StateTest HasTransfer(bool waits, v1::OverlayKind on) {
  return [=](const State& state) {
    return TransferThat(state, waits, on) != nullptr;
  };
}

// Granted as if everybody had consented.
v1::Command GrantAsConsented(State& state, const std::string& request_no) {
  v1::CertificateRequest& request = state.requests[request_no];
  v1::Command command;
  command.set_actor(ExaminerOf(state));
  command.set_version(request.version());
  command.mutable_grant_request()->set_request_no(request_no);
  request.set_state(v1::REQUEST_UNDER_REVIEW);
  *request.mutable_cosigned() = request.cosigners();
  return command;
}

// And as if nothing stood on the certificate.
Liar GrantTransfer(bool waits, v1::OverlayKind on) {
  return [=](Forger&, uint64_t, State& state) {
    const v1::CertificateRequest& request = *TransferThat(state, waits, on);
    if (on != v1::OVERLAY_KIND_UNSPECIFIED) {
      Drop(state.certificates[request.certificate_number()], on);
    }
    return GrantAsConsented(state, request.request_no());
  };
}

v1::Command AskFor(const v1::Certificate& sheet) {
  v1::Command command;
  command.set_actor(HolderOf(sheet));
  command.set_version(sheet.status().version());
  command.mutable_file_request()->set_certificate_number(sheet.number());
  return command;
}

// Held by one, not by contract, far from its end.
const v1::Certificate* YoungSheet(const State& state) {
  const std::string in_a_year = registry::FormatDate(
      registry::AddDays(registry::ShanghaiDate(state.clock_ms), 365));
  return FirstIn(state.certificates, [&](const v1::Certificate& one) {
    const auto* application =
        registry::FindApplication(state, one.content().application_no());
    return one.status().state() == v1::VALID && application != nullptr &&
           application->form().sources(0).contract_end().empty() &&
           one.content().holders_size() == 1 && !Has(one, v1::FREEZE) &&
           one.open_revocation().empty() &&
           one.content().valid_to() > in_a_year;
  });
}

bool HasYoungSheet(const State& state) { return YoungSheet(state) != nullptr; }

v1::Command RenewEarly(Forger&, uint64_t, State& state) {
  const v1::Certificate& sheet = *YoungSheet(state);
  v1::Command command = AskFor(sheet);
  command.mutable_file_request()
      ->mutable_body()
      ->mutable_renewal()
      ->set_statement_of_use("三年间持续用于供热调度并对外许可使用");
  state.certificates[sheet.number()].mutable_content()->set_valid_to(
      registry::FormatDate(
          registry::AddDays(registry::ShanghaiDate(state.clock_ms), 30)));
  return command;
}

v1::Command ChangeToLess(Forger&, uint64_t, State& state) {
  const v1::Certificate& sheet = *YoungSheet(state);
  v1::Command command = AskFor(sheet);
  v1::ChangeRequest* change =
      command.mutable_file_request()->mutable_body()->mutable_change();
  change->set_record_count(sheet.content().record_count() - 1);
  change->set_changed_on(Today(state));
  state.certificates[sheet.number()].mutable_content()->set_record_count(2);
  return command;
}

bool RenewsUnderContract(const v1::Event& event) {
  return event.request_filed().request().body().renewal().contract_ends_size() >
         0;
}

// To the end of the year in which the contract ends.
void RenewBeyondContract(v1::Command& command, v1::Transition& transition) {
  auto* body = command.mutable_file_request()->mutable_body();
  body->mutable_renewal()->set_valid_to(
      body->renewal().contract_ends(0).substr(0, 4) + "-12-31");
  *transition.mutable_events(0)
       ->mutable_request_filed()
       ->mutable_request()
       ->mutable_body() = *body;
}

const v1::CertificateRequest* PledgeChange(const State& state) {
  return FirstIn(state.requests, [](const v1::CertificateRequest& one) {
    return one.state() == v1::REQUEST_AWAITING_COSIGN &&
           one.body().pledge().action() == v1::PledgeRequest::CHANGE;
  });
}

bool HasPledgeChange(const State& state) {
  return PledgeChange(state) != nullptr;
}

v1::Command GrantPledgeChange(Forger&, uint64_t, State& state) {
  return GrantAsConsented(state, PledgeChange(state)->request_no());
}

bool RegistersPledge(const v1::Event& event) {
  return event.has_pledge_registered();
}

bool SecondRank(const v1::Event& event) {
  return event.pledge_registered().pledge().rank() > 1;
}

void RankFirst(v1::Transition& transition) {
  for (v1::Event& event : *transition.mutable_events()) {
    if (event.has_pledge_registered()) {
      event.mutable_pledge_registered()->mutable_pledge()->set_rank(1);
    }
    if (!event.has_status_changed()) continue;
    v1::StatusRecord record = RecordIn(event);
    for (v1::Overlay& one : *record.mutable_overlays()) {
      if (one.kind() == v1::PLEDGE) one.set_rank(1);
    }
    event.mutable_status_changed()->set_status_record(
        registry::SerializeCanonical(record));
  }
}

// The holder asks, as if the pledge were its own.
v1::Command ReleaseByHolder(Forger&, uint64_t, State& state) {
  v1::Pledge& pledge = state.pledges.rbegin()->second;
  const v1::Certificate& sheet =
      *registry::FindCertificate(state, pledge.certificate_number());
  v1::Command command = AskFor(sheet);
  auto* body = command.mutable_file_request()->mutable_body();
  body->mutable_pledge()->set_action(v1::PledgeRequest::RELEASE);
  body->mutable_pledge()->set_pledge_no(pledge.pledge_no());
  pledge.set_pledgee(HolderOf(sheet));
  return command;
}

bool ReplacesSheet(const v1::Event& event) {
  return event.has_status_changed() && RecordIn(event).state() == v1::REPLACED;
}

// The old sheet stays what it was.
void KeepBothValid(v1::Transition& transition) {
  auto* events = transition.mutable_events();
  events->erase(std::remove_if(events->begin(), events->end(), ReplacesSheet),
                events->end());
}

}  // namespace

std::vector<NamedEdit> HolderEdits() {
  constexpr auto kNothing = v1::OVERLAY_KIND_UNSPECIFIED;
  return {
      {"change-to-less", "C1", "变更缩小了数据规模", "change shrinks the data",
       When(After(Kind::kRegisterApplication), HasYoungSheet),
       InsertLie(ChangeToLess)},
      {"transfer-unconsented", "C2", "未经受让方同意即转移",
       "transfer without the other side",
       When(After(Kind::kFileRequest), HasTransfer(true, kNothing)),
       InsertLie(GrantTransfer(true, kNothing))},
      {"transfer-of-pledged", "C2", "未经质权人同意即转移",
       "transfer of a pledged certificate without the pledgee",
       When(After(Kind::kCosignRequest), HasTransfer(true, v1::PLEDGE)),
       InsertLie(GrantTransfer(true, v1::PLEDGE))},
      {"transfer-of-frozen", "C2", "冻结期间转移",
       "transfer of a frozen certificate",
       When(After(Kind::kFreezeCertificate), HasTransfer(false, v1::FREEZE)),
       InsertLie(GrantTransfer(false, v1::FREEZE))},
      {"renewal-too-early", "C3", "续展期未到即续展",
       "renewal before its window",
       When(After(Kind::kRegisterApplication), HasYoungSheet),
       InsertLie(RenewEarly)},
      {"renewal-past-contract", "C3", "续展超过来源合同期限",
       "renewal past the contract's end",
       AtEvent(Kind::kFileRequest, RenewsUnderContract),
       SwapCommand(RenewBeyondContract)},
      {"pledge-of-first-rank", "decide.events", "后设质押记为第一顺位",
       "second pledge given the first rank",
       AtEvent(Kind::kGrantRequest, SecondRank), ChangeEvents(RankFirst)},
      {"pledge-changed-unconsented", "C5", "未经质权人同意即变更质押",
       "pledge changed without its pledgee's consent",
       When(After(Kind::kFileRequest), HasPledgeChange),
       InsertLie(GrantPledgeChange)},
      {"pledge-released-by-holder", "C5", "未经质权人即注销质押",
       "pledge released without the pledgee",
       AfterEvent(Kind::kGrantRequest, RegistersPledge),
       InsertLie(ReleaseByHolder)},
      {"two-valid-sheets", "decide.events", "同一登记有两份有效证书",
       "two valid certificates of one registration",
       AtEvent(Kind::kGrantRequest, ReplacesSheet),
       ChangeEvents(KeepBothValid)},
  };
}

}  // namespace dataip::test
