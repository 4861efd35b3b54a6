// Requests: filed, consented to, withdrawn, refused.
#include "core/registry/request/requests.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/limits.h"
#include "core/registry/request/rules.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

constexpr char kFiledBody[] = "file_request.body";

bool HasPart(const State& state, const v1::Certificate& certificate,
             const std::string& party) {
  return HoldersOf(certificate).count(party) != 0 ||
         PledgeesOf(state, certificate).count(party) != 0;
}

// The pledge that the other one asks about too, in the same way.
bool IsAboutSamePledge(const v1::RequestBody& one,
                       const v1::RequestBody& other) {
  return one.has_pledge() && other.has_pledge() &&
         one.pledge().action() != v1::PledgeRequest::REGISTER &&
         one.pledge().action() == other.pledge().action() &&
         one.pledge().pledge_no() == other.pledge().pledge_no();
}

// Whether they count together: those of strangers who would be pledgees do not
// stand in the way of a successor, nor the other way round.
bool CountTogether(const v1::RequestBody& one, const v1::RequestBody& other) {
  return one.has_transfer() == other.has_transfer();
}

// One of a kind at a time for each requester, and one change and one release
// of each pledge, whoever asks; pledges have ranks.
MaybeRefusal CheckOpenRequests(const Case& a_case, const Asked& asked,
                               const std::string& requester) {
  const v1::Certificate& certificate = asked.certificate;
  int own = 0;
  int of_others = 0;
  for (const std::string& number : certificate.open_requests()) {
    const auto* open = FindRequest(a_case.state, number);
    if (open == nullptr) continue;
    if (!HasPart(a_case.state, certificate, open->requester()) &&
        CountTogether(open->body(), asked.body)) {
      ++of_others;
    }
    const bool of_requester = open->requester() == requester;
    own += of_requester ? 1 : 0;
    const bool same_kind = of_requester && !asked.body.has_pledge() &&
                           open->body().body_case() == asked.body.body_case();
    if (!same_kind && !IsAboutSamePledge(open->body(), asked.body)) continue;
    return Refuse(
        rpc::v1::RULE_REFUSES,
        {asked.field, std::string(RuleOf(asked.body)),
         absl::StrCat("同类请求 ", number, " 尚未办结，请等待或先撤回"),
         absl::StrCat("request ", number,
                      " of the same kind is open; wait for it or withdraw it"),
         ""});
  }
  const bool room = HasPart(a_case.state, certificate, requester)
                        ? own < limits::kOpenRequests
                        : own < limits::kOpenRequestsOfOther &&
                              of_others < limits::kOpenRequestsOfOthers;
  if (room && a_case.state.counters.requests < kSerial7) return std::nullopt;
  return Refuse(
      rpc::v1::RULE_REFUSES,
      {asked.field, "NUMBERS", "证书上未办结的请求过多或请求编号已用尽",
       "too many requests are open on the certificate, or no request "
       "number is left",
       ""});
}

// C1: filed after the time that the profile leaves after the fact, if it has
// one.
bool IsLate(const Case& a_case, const v1::RequestBody& body) {
  if (!body.has_change()) return false;
  const auto days = a_case.values->WorkingDays(kChangeFileWithin);
  const auto changed_on = ParseDate(body.change().changed_on());
  if (!days.ok() || !changed_on) return false;
  return a_case.decided_at_ms >
         DueInstantMs(MakeDeadline(kChangeFileWithin, *changed_on, *days,
                                   *a_case.state.calendar));
}

v1::CertificateRequest RequestOf(const Case& a_case, const Asked& asked,
                                 const std::string& requester) {
  v1::CertificateRequest request;
  request.set_request_no(
      LetterNumber('Q', a_case.today(), a_case.state.counters.requests + 1));
  request.set_version(1);
  request.set_certificate_number(asked.certificate.number());
  request.set_requester(requester);
  *request.mutable_body() = asked.body;
  for (const std::string& party : MustConsent(a_case, asked, requester)) {
    request.add_cosigners(party);
  }
  request.set_state(request.cosigners().empty() ? v1::REQUEST_UNDER_REVIEW
                                                : v1::REQUEST_AWAITING_COSIGN);
  request.set_filed_at_ms(a_case.decided_at_ms);
  request.set_updated_at_ms(a_case.decided_at_ms);
  *request.mutable_profile() = a_case.profile;
  request.set_late(IsLate(a_case, asked.body));
  return request;
}

std::set<std::string> MissingConsents(const v1::CertificateRequest& request) {
  std::set<std::string> missing;
  std::set_difference(request.cosigners().begin(), request.cosigners().end(),
                      request.cosigned().begin(), request.cosigned().end(),
                      std::inserter(missing, missing.end()));
  return missing;
}

// Before the version and the state, of which a stranger learns nothing.
MaybeRefusal CheckPart(const Case& a_case,
                       const v1::CertificateRequest& request,
                       const std::set<std::string>& principals) {
  const v1::Certificate* certificate =
      FindCertificate(a_case.state, request.certificate_number());
  if (certificate == nullptr) return std::nullopt;
  if (!PrincipalOf(a_case, *certificate, principals, v1::ACT_CERTIFICATE)
           .empty()) {
    return std::nullopt;
  }
  return NotPrincipal(
      a_case, *certificate,
      {principals, v1::ACT_CERTIFICATE, RuleOf(request.body()), false});
}

const char* StateZh(v1::RequestState state) {
  switch (state) {
    case v1::REQUEST_AWAITING_COSIGN:
      return "待同意";
    case v1::REQUEST_UNDER_REVIEW:
      return "待审核";
    case v1::REQUEST_GRANTED:
      return "已准予";
    case v1::REQUEST_REFUSED:
      return "已不予";
    case v1::REQUEST_WITHDRAWN:
      return "已撤回";
    default:
      return "";
  }
}

}  // namespace

MaybeRefusal CheckRequest(const Case& a_case, const std::string& request_no,
                          std::initializer_list<v1::RequestState> in) {
  const v1::CertificateRequest* request = FindRequest(a_case.state, request_no);
  // Its certificate's number may have been ordered erased.
  if (request == nullptr ||
      FindCertificate(a_case.state, request->certificate_number()) == nullptr) {
    return NotFound("request_no",
                    absl::StrCat("没有编号为“", request_no, "”的请求"),
                    absl::StrCat("there is no request `", request_no, "`"));
  }
  RETURN_IF_REFUSED(CheckVersion(a_case, request->version()));
  if (std::find(in.begin(), in.end(), request->state()) != in.end()) {
    return std::nullopt;
  }
  const std::string waits_for =
      request->state() == v1::REQUEST_AWAITING_COSIGN
          ? absl::StrJoin(MissingConsents(*request), ", ")
          : "";
  return Refuse(
      rpc::v1::RULE_REFUSES,
      {"request_no", std::string(RuleOf(request->body())),
       absl::StrCat("请求 ", request_no, " 现为“", StateZh(request->state()),
                    "”，不能作此操作",
                    waits_for.empty()
                        ? ""
                        : absl::StrCat("；尚待 ", waits_for, " 同意")),
       absl::StrCat(
           "request ", request_no, " is ",
           v1::RequestState_Name(request->state()),
           ", which this command does not act on",
           waits_for.empty()
               ? ""
               : absl::StrCat("; it waits for the consent of ", waits_for)),
       ""});
}

Decision DecideFileRequest(const Case& a_case) {
  const v1::FileRequest& body = a_case.command.file_request();
  const v1::Certificate* certificate =
      FindCertificate(a_case.state, body.certificate_number());
  if (certificate == nullptr) {
    return NotFound(
        "file_request.certificate_number",
        absl::StrCat("没有编号为“", body.certificate_number(), "”的证书"),
        absl::StrCat("there is no certificate `", body.certificate_number(),
                     "`"));
  }
  const Asked asked{*certificate, body.body(), kFiledBody};
  const std::set<std::string> principals = MayAsk(a_case, asked);
  const std::string requester =
      PrincipalOf(a_case, *certificate, principals, v1::ACT_CERTIFICATE);
  if (requester.empty()) {
    return NotPrincipal(
        a_case, *certificate,
        {principals, v1::ACT_CERTIFICATE, RuleOf(body.body()), true});
  }
  RETURN_IF_REFUSED(CheckVersion(a_case, certificate->status().version()));
  RETURN_IF_REFUSED(CheckNothingAgainst(a_case, asked));
  RETURN_IF_REFUSED(CheckBody(a_case, asked));
  RETURN_IF_REFUSED(CheckOpenRequests(a_case, asked, requester));
  Events events(1);
  *events[0].mutable_request_filed()->mutable_request() =
      RequestOf(a_case, asked, requester);
  return events;
}

Decision DecideCosignRequest(const Case& a_case) {
  const std::string& number = a_case.command.cosign_request().request_no();
  if (const auto* asked = FindRequest(a_case.state, number)) {
    RETURN_IF_REFUSED(
        CheckPart(a_case, *asked,
                  {asked->cosigners().begin(), asked->cosigners().end()}));
  }
  RETURN_IF_REFUSED(
      CheckRequest(a_case, number, {v1::REQUEST_AWAITING_COSIGN}));
  const v1::CertificateRequest& request = *FindRequest(a_case.state, number);
  const v1::Certificate& certificate =
      *FindCertificate(a_case.state, request.certificate_number());
  const std::set<std::string> missing = MissingConsents(request);
  const std::string party =
      PrincipalOf(a_case, certificate, missing, v1::ACT_CERTIFICATE);
  if (party.empty()) {
    return NotPrincipal(
        a_case, certificate,
        {missing, v1::ACT_CERTIFICATE, RuleOf(request.body()), false});
  }
  Events events(1);
  events[0].mutable_request_cosigned()->set_request_no(number);
  events[0].mutable_request_cosigned()->set_party_number(party);
  return events;
}

Decision DecideWithdrawRequest(const Case& a_case) {
  const std::string& number = a_case.command.withdraw_request().request_no();
  if (const auto* asked = FindRequest(a_case.state, number)) {
    RETURN_IF_REFUSED(CheckPart(a_case, *asked, {asked->requester()}));
  }
  RETURN_IF_REFUSED(CheckRequest(
      a_case, number, {v1::REQUEST_AWAITING_COSIGN, v1::REQUEST_UNDER_REVIEW}));
  Events events(1);
  events[0].mutable_request_withdrawn()->set_request_no(number);
  return events;
}

// One that others never consented to can be refused too, so that it does not
// stay open for ever.
Decision DecideRefuseRequest(const Case& a_case) {
  const v1::RefuseRequest& body = a_case.command.refuse_request();
  RETURN_IF_REFUSED(
      CheckRequest(a_case, body.request_no(),
                   {v1::REQUEST_AWAITING_COSIGN, v1::REQUEST_UNDER_REVIEW}));
  RETURN_IF_REFUSED(CheckReason("refuse_request.reason", body.reason(),
                                limits::kReasonLeastCharacters,
                                limits::kRefusalReasonCharacters));
  Events events(1);
  v1::RequestRefused* refused = events[0].mutable_request_refused();
  refused->set_request_no(body.request_no());
  refused->set_reason(body.reason());
  return events;
}

}  // namespace dataip::registry
