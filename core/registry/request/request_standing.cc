// Who may ask for what, who must consent, and what stands against it.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/request/requests.h"

namespace dataip::registry {
namespace {

// By judgment, inheritance and the like the successor files alone.
bool OnePartyFiles(const Case& a_case, const v1::TransferRequest& transfer) {
  return a_case.values->Lists(kTransferSingleParty,
                              v1::TransferKind_Name(transfer.kind()));
}

std::set<std::string> NewHoldersOf(const v1::TransferRequest& transfer) {
  std::set<std::string> parties;
  for (const v1::NewHolder& holder : transfer.new_holders()) {
    parties.insert(holder.party_number());
  }
  return parties;
}

std::string PledgeeOf(const State& state, const std::string& pledge_no) {
  const auto found = state.pledges.find(pledge_no);
  return found == state.pledges.end() ? "" : found->second.pledgee();
}

bool IsRelease(const v1::RequestBody& body) {
  return body.pledge().action() == v1::PledgeRequest::RELEASE;
}

bool IsPledgeChange(const v1::RequestBody& body) {
  return body.pledge().action() == v1::PledgeRequest::CHANGE;
}

// Whose pledge is to be made or changed.
std::string PledgeeIn(const State& state, const v1::RequestBody& body) {
  return IsPledgeChange(body) ? PledgeeOf(state, body.pledge().pledge_no())
                              : body.pledge().pledgee();
}

Refusal Against(const Asked& asked, std::string zh, std::string en) {
  return Refuse(rpc::v1::RULE_REFUSES,
                {"certificate_number", std::string(RuleOf(asked.body)),
                 std::move(zh), std::move(en), ""});
}

}  // namespace

absl::string_view RuleOf(const v1::RequestBody& body) {
  switch (body.body_case()) {
    case v1::RequestBody::kChange:
      return "C1";
    case v1::RequestBody::kTransfer:
      return "C2";
    case v1::RequestBody::kRenewal:
      return "C3";
    case v1::RequestBody::kPledge:
      return "C5";
    case v1::RequestBody::kCancellation:
      return "C6";
    case v1::RequestBody::kCorrection:
      return "C10";
    case v1::RequestBody::kReplacement:
    case v1::RequestBody::BODY_NOT_SET:
      break;
  }
  return "REQUEST";
}

std::set<std::string> HoldersOf(const v1::Certificate& certificate) {
  std::set<std::string> parties;
  for (const v1::Holder& holder : certificate.content().holders()) {
    parties.insert(holder.party_number());
  }
  return parties;
}

std::set<std::string> PledgeesOf(const State& state,
                                 const v1::Certificate& certificate) {
  std::set<std::string> parties;
  if (!HasOverlay(certificate.status(), v1::PLEDGE)) return parties;
  for (const auto& [number, pledge] : state.pledges) {
    if (pledge.certificate_number() == certificate.number()) {
      parties.insert(pledge.pledgee());
    }
  }
  return parties;
}

std::set<std::string> MayAsk(const Case& a_case, const Asked& asked) {
  std::set<std::string> parties = HoldersOf(asked.certificate);
  const v1::RequestBody& body = asked.body;
  if (body.has_transfer() && OnePartyFiles(a_case, body.transfer())) {
    parties.merge(NewHoldersOf(body.transfer()));
  } else if (body.has_pledge() && IsRelease(body)) {
    parties = {PledgeeOf(a_case.state, body.pledge().pledge_no())};
    parties.erase("");  // no such pledge
  } else if (body.has_pledge()) {
    parties.insert(PledgeeIn(a_case.state, body));
    parties.erase("");  // no such pledge
  }
  return parties;
}

std::set<std::string> MustConsent(const Case& a_case, const Asked& asked,
                                  const std::string& requester) {
  std::set<std::string> parties;
  const v1::RequestBody& body = asked.body;
  if (body.has_transfer()) {
    const std::set<std::string> successors = NewHoldersOf(body.transfer());
    const bool alone = OnePartyFiles(a_case, body.transfer());
    if (!alone) parties = HoldersOf(asked.certificate);
    if (!alone || successors.count(requester) == 0) {
      parties.insert(successors.begin(), successors.end());
    }
    parties.merge(PledgeesOf(a_case.state, asked.certificate));
  } else if (body.has_cancellation() || body.has_change() ||
             body.has_renewal()) {
    parties = HoldersOf(asked.certificate);
  } else if (body.has_pledge() && !IsRelease(body)) {
    parties = HoldersOf(asked.certificate);
    parties.insert(PledgeeIn(a_case.state, body));
    // By analogy with 民法典 409: it may be at the cost of the others.
    if (IsPledgeChange(body)) {
      parties.merge(PledgeesOf(a_case.state, asked.certificate));
    }
  }
  parties.erase("");  // no such pledge
  parties.erase(requester);
  return parties;
}

MaybeRefusal CheckNothingAgainst(const Case& a_case, const Asked& asked) {
  const v1::Certificate& certificate = asked.certificate;
  const v1::RequestBody& body = asked.body;
  const bool release = body.has_pledge() && IsRelease(body);
  if (certificate.status().state() != v1::VALID) {
    return Against(asked, "证书不在有效状态，不能办理",
                   "the certificate is not valid; nothing can be asked for it");
  }
  const bool over =
      certificate.content().valid_to() < FormatDate(a_case.today());
  if (over && !body.has_renewal() && !release) {
    return Against(asked, "证书有效期已届满，须先办结续展",
                   "the certificate's term is over; the renewal goes first");
  }
  if (HasOverlay(certificate.status(), v1::FREEZE) &&
      (body.has_transfer() || body.has_pledge() || body.has_cancellation())) {
    return Against(asked, "证书已被冻结，解冻前不得转移、质押或注销",
                   "the certificate is frozen; no transfer, pledge or "
                   "cancellation before its release");
  }
  if (HasOverlay(certificate.status(), v1::PLEDGE) && body.has_cancellation()) {
    return Against(asked, "证书已质押，不得注销；请先由质权人解除质押",
                   "the certificate is pledged and cannot be cancelled; the "
                   "pledgee releases the pledge first");
  }
  const bool may_wait = body.has_renewal() && !asked.granting;
  if (!certificate.open_revocation().empty() && !release && !may_wait) {
    return Against(asked,
                   absl::StrCat("撤销程序 ", certificate.open_revocation(),
                                " 尚未办结，办结后再申请"),
                   absl::StrCat("revocation ", certificate.open_revocation(),
                                " is open; ask when it is decided"));
  }
  return std::nullopt;
}

std::string PrincipalOf(const Case& a_case, const v1::Certificate& certificate,
                        const std::set<std::string>& principals,
                        v1::AttorneyAct act) {
  const std::string& actor = a_case.command.actor();
  if (principals.count(actor) != 0) return actor;
  const std::string* objects[] = {&certificate.number(),
                                  &certificate.content().registration_number()};
  for (const std::string& principal : principals) {
    for (const std::string* object : objects) {
      if (MayActFor(a_case.state, {actor, principal, act, *object},
                    a_case.today())) {
        return principal;
      }
    }
  }
  return "";
}

Refusal NotPrincipal(const Case& a_case, const v1::Certificate& certificate,
                     const Principals& principals) {
  const std::set<std::string> holders = HoldersOf(certificate);
  // A power that does not cover it says more than that there is none, and a
  // name more than none.
  std::optional<Refusal> first;
  bool named = false;
  for (const std::string& principal : principals.parties) {
    const Acting acting{a_case.command.actor(), principal, principals.act,
                        certificate.number()};
    const bool is_open = principals.open && holders.count(principal) != 0;
    auto refusal = is_open
                       ? CheckActingFor(a_case.state, acting, a_case.today(),
                                        principals.rule)
                       : CheckActingUnnamed(a_case.state, acting,
                                            a_case.today(), principals.rule);
    if (!refusal) continue;
    if (refusal->violations.front().rule() != principals.rule) {
      return *std::move(refusal);
    }
    if (!first || (is_open && !named)) {
      named = is_open;
      first = *std::move(refusal);
    }
  }
  if (first) return *std::move(first);
  return NotYours(principals.rule);
}

}  // namespace dataip::registry
