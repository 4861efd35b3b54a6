// Requests granted: a new sheet of the registration, or a new status.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/request/requests.h"
#include "core/registry/request/rules.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

// Holders and pledgees may be others than when it was filed.
MaybeRefusal CheckConsents(const Case& a_case, const Asked& asked,
                           const v1::CertificateRequest& request) {
  const std::set<std::string> may_ask = MayAsk(a_case, asked);
  std::string missing =
      may_ask.count(request.requester()) == 0 ? request.requester() : "";
  for (const std::string& party :
       MustConsent(a_case, asked, request.requester())) {
    const bool given =
        std::find(request.cosigned().begin(), request.cosigned().end(),
                  party) != request.cosigned().end();
    if (!given) missing = party;
  }
  if (missing.empty()) return std::nullopt;
  return Refuse(
      rpc::v1::RULE_REFUSES,
      {"request_no", std::string(RuleOf(request.body())),
       absl::StrCat("提交后权利人或质权人有变，", missing,
                    " 不再有权申请或尚未同意，请重新提交"),
       absl::StrCat(
           "holders or pledgees are others than at the filing: ", missing,
           " may no longer ask or has not consented; file it anew"),
       ""});
}

// Ranks of released pledges count: the records of all sheets tell them.
uint32_t NextRank(const State& state, const v1::Certificate& certificate) {
  uint32_t highest = 0;
  std::string number = certificate.number();
  while (!number.empty()) {
    const auto sheet = state.certificates.find(number);
    if (sheet == state.certificates.end()) break;
    for (const std::string& bytes : sheet->second.status_records()) {
      const auto record = ParseCanonical<v1::StatusRecord>(bytes);
      if (!record.ok()) continue;
      for (const v1::Overlay& overlay : record->overlays()) {
        if (overlay.kind() != v1::PLEDGE) continue;
        highest = std::max(highest, overlay.rank());
      }
    }
    number = sheet->second.content().replaces();
  }
  return highest + 1;
}

void AppendPledge(const Case& a_case, const Asked& asked, Events& events) {
  const v1::PledgeRequest& wanted = asked.body.pledge();
  v1::PledgeRegistered* registered =
      events.emplace_back().mutable_pledge_registered();
  v1::Pledge* pledge = registered->mutable_pledge();
  pledge->set_pledge_no(
      LetterNumber('G', a_case.today(), a_case.state.counters.pledges + 1));
  pledge->set_certificate_number(asked.certificate.number());
  pledge->set_pledgee(wanted.pledgee());
  pledge->set_rank(NextRank(a_case.state, asked.certificate));
  *pledge->mutable_amount() = wanted.amount();
  pledge->set_valid_from(wanted.valid_from());
  pledge->set_valid_to(wanted.valid_to());
  pledge->set_contract_no(wanted.contract_no());
  pledge->set_registered_at_ms(a_case.decided_at_ms);
  registered->set_salt(wanted.salt());
  v1::StatusRecord record = NextStatus(a_case, asked.certificate);
  AddOverlay(record, OverlayOf(v1::PLEDGE, pledge->rank(), wanted.salt(),
                               SerializeCanonical(*pledge)));
  AppendStatus(record, events);
}

// Of the rank that it had.
void AppendPledgeChange(const Case& a_case, const Asked& asked,
                        Events& events) {
  const v1::PledgeRequest& wanted = asked.body.pledge();
  v1::PledgeChanged* changed = events.emplace_back().mutable_pledge_changed();
  v1::Pledge* pledge = changed->mutable_pledge();
  *pledge = ChangedPledge(wanted, a_case.state.pledges.at(wanted.pledge_no()));
  changed->set_salt(wanted.salt());
  v1::StatusRecord record = NextStatus(a_case, asked.certificate);
  RemoveOverlay(record, v1::PLEDGE, pledge->rank(), "");
  AddOverlay(record, OverlayOf(v1::PLEDGE, pledge->rank(), wanted.salt(),
                               SerializeCanonical(*pledge)));
  AppendStatus(record, events);
}

void AppendRelease(const Case& a_case, const Asked& asked, Events& events) {
  const std::string& number = asked.body.pledge().pledge_no();
  events.emplace_back().mutable_pledge_released()->set_pledge_no(number);
  v1::StatusRecord record = NextStatus(a_case, asked.certificate);
  RemoveOverlay(record, v1::PLEDGE, a_case.state.pledges.at(number).rank(), "");
  AppendStatus(record, events);
}

void AppendPledgeStep(const Case& a_case, const Asked& asked, Events& events) {
  switch (asked.body.pledge().action()) {
    case v1::PledgeRequest::REGISTER:
      return AppendPledge(a_case, asked, events);
    case v1::PledgeRequest::CHANGE:
      return AppendPledgeChange(a_case, asked, events);
    default:
      return AppendRelease(a_case, asked, events);
  }
}

void AppendCancellation(const Case& a_case, const Asked& asked,
                        Events& events) {
  v1::StatusRecord record = NextStatus(a_case, asked.certificate);
  SetEnded(v1::CANCELLED, record);
  AppendStatus(record, events);
}

void RenewContent(const Case& a_case, const Asked& asked,
                  v1::CertificateContent& content) {
  const v1::RenewalRequest& renewal = asked.body.renewal();
  content.set_valid_to(renewal.valid_to().empty()
                           ? FormatDate(RenewedTo(a_case, asked))
                           : renewal.valid_to());
  if (!renewal.has_deposit()) return;
  *content.mutable_deposit() = renewal.deposit();
  content.set_byte_size(renewal.deposit().byte_size());
}

}  // namespace

bool AsksForNewSheet(const v1::RequestBody& body) {
  return !body.has_pledge() && !body.has_cancellation();
}

v1::CertificateContent NewContent(const Case& a_case, const Asked& asked) {
  const v1::RequestBody& body = asked.body;
  v1::CertificateContent content = asked.certificate.content();
  if (body.has_change()) {
    ApplyChange(a_case, asked.certificate, body.change(), asked.field, "C1",
                content);
  } else if (body.has_correction()) {
    ApplyChange(a_case, asked.certificate, body.correction().values(),
                asked.field, "C10", content);
  } else if (body.has_renewal()) {
    RenewContent(a_case, asked, content);
  } else if (body.has_transfer()) {
    content.clear_holders();
    for (const v1::NewHolder& holder : body.transfer().new_holders()) {
      *content.add_holders() =
          HolderOf(a_case.state, holder.party_number(), holder.share_bp());
    }
  }
  return content;
}

Decision DecideGrantRequest(const Case& a_case) {
  const std::string& number = a_case.command.grant_request().request_no();
  RETURN_IF_REFUSED(CheckRequest(a_case, number, {v1::REQUEST_UNDER_REVIEW}));
  const v1::CertificateRequest& request = *FindRequest(a_case.state, number);
  const v1::Certificate& certificate =
      *FindCertificate(a_case.state, request.certificate_number());
  const Asked asked{certificate, request.body(), "request.body", true,
                    ShanghaiDate(request.filed_at_ms())};
  RETURN_IF_REFUSED(CheckNothingAgainst(a_case, asked));
  RETURN_IF_REFUSED(CheckConsents(a_case, asked, request));
  RETURN_IF_REFUSED(CheckBody(a_case, asked));
  Events events(1);
  std::string new_number;
  if (AsksForNewSheet(request.body())) {
    RETURN_IF_REFUSED(CheckNumbersLeft(a_case, "request_no"));
    new_number =
        AppendNewSheet(a_case, certificate, NewContent(a_case, asked), events);
  } else if (request.body().has_cancellation()) {
    AppendCancellation(a_case, asked, events);
  } else {
    AppendPledgeStep(a_case, asked, events);
  }
  v1::RequestGranted* granted = events[0].mutable_request_granted();
  granted->set_request_no(number);
  granted->set_new_certificate_number(new_number);
  return events;
}

}  // namespace dataip::registry
