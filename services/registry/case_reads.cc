// Reads of what stands beside applications and certificates: drafts, powers,
// objections, requests, encumbrances, the state on a day.
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/registry/certificate/status_on.h"
#include "core/registry/values/civil_date.h"
#include "services/common/error.h"
#include "services/registry/list_of.h"
#include "services/registry/reads.h"

namespace dataip::registryd {
namespace {

using registry::State;

template <typename Value>
const Value* FindIn(const registry::ByName<Value>& values,
                    const std::string& number) {
  const auto found = values.find(number);
  return found == values.end() ? nullptr : &found->second;
}

// One page of lists that follow each other.
struct PageOfLists {
  // Of the last line: its list's letter, its number. Empty before the first.
  std::string last;
  size_t left = 0;
  bool more = false;
};

// Those after the page's last that `lies_on` admits, in order of number.
// Letters ascend with the lists.
template <typename Value, typename LiesOn>
void AddList(const registry::ByName<Value>& values, char letter,
             const LiesOn& lies_on, PageOfLists& page,
             google::protobuf::RepeatedPtrField<Value>* out) {
  const char begun = page.last.empty() ? '\0' : page.last[0];
  if (page.more || letter < begun) return;
  auto at = letter == begun ? values.upper_bound(page.last.substr(1))
                            : values.begin();
  for (; at != values.end(); ++at) {
    if (!lies_on(at->second)) continue;
    page.more = page.left == 0;
    if (page.more) return;
    *out->Add() = at->second;
    page.last = absl::StrCat(std::string(1, letter), at->first);
    --page.left;
  }
}

}  // namespace

absl::StatusOr<v1::GetDraftResponse> Reads::Get(
    const Caller& caller, const v1::GetDraftRequest& request) const {
  return parts_.acknowledged.WithIndex(
      [&](const State& state,
          uint64_t last_index) -> absl::StatusOr<v1::GetDraftResponse> {
        const v1::Draft* draft = FindIn(state.drafts, request.draft_no());
        if (draft == nullptr) {
          return NoSuch("draft", "草稿", request.draft_no());
        }
        if (!SeesDraft(caller, state, *draft)) {
          return NotForThisReader(
              {"a draft is for its applicants, their agents and officers",
               "草稿仅共同申请人及其代理人、登记机构可以查看"});
        }
        v1::GetDraftResponse response;
        *response.mutable_draft() = *draft;
        *response.mutable_position() = PositionAt(last_index);
        return response;
      });
}

absl::StatusOr<v1::ListDraftsResponse> Reads::List(
    const Caller& caller, const v1::ListDraftsRequest& request) const {
  return ListOf<v1::ListDraftsResponse>(
      request, +[](const State& state) -> const auto& { return state.drafts; },
      [&](const State& state, const v1::Draft& draft, auto& response) {
        if (draft.closed() && !request.closed()) return false;
        if (!SeesDraft(caller, state, draft)) return false;
        *response.add_drafts() = draft;
        return true;
      });
}

absl::StatusOr<v1::ListAttorneysResponse> Reads::List(
    const Caller& caller, const v1::ListAttorneysRequest& request) const {
  return ListOf<v1::ListAttorneysResponse>(
      request,
      +[](const State& state) -> const auto& { return state.attorneys; },
      [&](const State& state, const v1::PowerOfAttorney& power,
          auto& response) {
        const std::string party = NumberOf(state, request.party());
        if (!party.empty() && party != power.principal() &&
            party != power.agent()) {
          return false;
        }
        if (!SeesAttorney(caller, state, power)) return false;
        *response.add_attorneys() = power;
        return true;
      });
}

absl::StatusOr<v1::GetObjectionResponse> Reads::Get(
    const Caller& caller, const v1::GetObjectionRequest& request) const {
  return parts_.acknowledged.WithIndex(
      [&](const State& state,
          uint64_t last_index) -> absl::StatusOr<v1::GetObjectionResponse> {
        const std::string& number = request.objection_no();
        const v1::Objection* objection = FindIn(state.objections, number);
        if (objection == nullptr) return NoSuch("objection", "异议", number);
        const ObjectionPart part = SeesObjection(caller, state, *objection);
        if (part == ObjectionPart::kNone) {
          return NotForThisReader(
              {"an objection is for its objector, the applicants, their agents "
               "and officers",
               "异议仅异议人、申请人及其代理人、登记机构可以查看"});
        }
        v1::GetObjectionResponse response;
        *response.mutable_objection() = PartOf(*objection, part);
        *response.mutable_position() = PositionAt(last_index);
        return response;
      });
}

absl::StatusOr<v1::ListObjectionsResponse> Reads::List(
    const Caller& caller, const v1::ListObjectionsRequest& request) const {
  return ListOf<v1::ListObjectionsResponse>(
      request,
      +[](const State& state) -> const auto& { return state.objections; },
      [&](const State& state, const v1::Objection& objection, auto& response) {
        if (!request.application_no().empty() &&
            request.application_no() != objection.application_no()) {
          return false;
        }
        if (!Passes(request.states(), objection.state())) return false;
        const ObjectionPart part = SeesObjection(caller, state, objection);
        if (part == ObjectionPart::kNone) return false;
        *response.add_objections() = PartOf(objection, part);
        return true;
      });
}

absl::StatusOr<v1::GetRequestResponse> Reads::Get(
    const Caller& caller, const v1::GetRequestRequest& request) const {
  return parts_.acknowledged.WithIndex(
      [&](const State& state,
          uint64_t last_index) -> absl::StatusOr<v1::GetRequestResponse> {
        const std::string& number = request.request_no();
        const v1::CertificateRequest* found = FindIn(state.requests, number);
        if (found == nullptr) return NoSuch("request", "请求", number);
        if (!SeesRequest(caller, state, *found)) {
          return NotForThisReader(
              {"a request is for who filed it, those who must consent, the "
               "holders, their agents and officers",
               "请求仅提出人、须同意的各方、权利人及其代理人、登记机构"
               "可以查看"});
        }
        v1::GetRequestResponse response;
        *response.mutable_request() = *found;
        *response.mutable_position() = PositionAt(last_index);
        return response;
      });
}

absl::StatusOr<v1::ListRequestsResponse> Reads::List(
    const Caller& caller, const v1::ListRequestsRequest& request) const {
  const std::string& certificate = request.certificate_number();
  return ListOf<v1::ListRequestsResponse>(
      request,
      +[](const State& state) -> const auto& { return state.requests; },
      [&](const State& state, const v1::CertificateRequest& found,
          auto& response) {
        if (!certificate.empty() &&
            !IsSameRegistration(state, certificate,
                                found.certificate_number())) {
          return false;
        }
        if (!Passes(request.states(), found.state())) return false;
        if (!SeesRequest(caller, state, found)) return false;
        *response.add_requests() = found;
        return true;
      });
}

absl::StatusOr<v1::GetEncumbrancesResponse> Reads::Get(
    const Caller& caller, const v1::GetEncumbrancesRequest& request) const {
  const std::string& number = request.certificate_number();
  const std::string filter = FilterOf(request);
  PageOfLists page;
  ASSIGN_OR_RETURN(page.left, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(page.last, parts_.tokens.Read(filter, request.page_token()));
  return parts_.acknowledged.WithIndex(
      [&](const State& state,
          uint64_t last_index) -> absl::StatusOr<v1::GetEncumbrancesResponse> {
        const auto* certificate = registry::FindCertificate(state, number);
        if (!number.empty() && certificate == nullptr) {
          return NoSuch("certificate", "登记证书", number);
        }
        if (certificate == nullptr
                ? !SeesAll(caller, state)
                : !SeesEncumbrances(caller, state, *certificate)) {
          return NotForThisReader(
              {"encumbrances are for the holders, pledgees, their agents and "
               "officers; anybody may look at the certificate's status",
               "权利负担仅权利人、质权人及其代理人、登记机构可以查看，"
               "证书状态任何人均可查询"});
        }
        const auto lies_on_it = [&](const auto& one) {
          return certificate == nullptr ||
                 IsSameRegistration(state, one.certificate_number(),
                                    certificate->number());
        };
        v1::GetEncumbrancesResponse response;
        AddList(state.revocations, 'a', lies_on_it, page,
                response.mutable_revocations());
        AddList(state.freezes, 'b', lies_on_it, page,
                response.mutable_freezes());
        AddList(state.pledges, 'c', lies_on_it, page,
                response.mutable_pledges());
        if (page.more) {
          response.set_next_page_token(parts_.tokens.Make(filter, page.last));
        }
        *response.mutable_position() = PositionAt(last_index);
        return response;
      });
}

absl::StatusOr<v1::GetStatusOnResponse> Reads::Get(
    const Caller&, const v1::GetStatusOnRequest& request) const {
  const auto day = registry::ParseDate(request.day());
  if (!day.has_value()) {
    return services::InvalidField("day", {"a day of the calendar as YYYY-MM-DD",
                                          "应为 YYYY-MM-DD 形式的日期"});
  }
  return parts_.acknowledged.WithIndex(
      [&](const State& state,
          uint64_t last_index) -> absl::StatusOr<v1::GetStatusOnResponse> {
        const registry::CivilDate today = TodayOf(state, parts_.now_ms());
        if (today < *day) {
          const std::string text = registry::FormatDate(today);
          return services::InvalidField(
              "day", {"is after today, " + text + "; ask for a day until then",
                      "晚于今天（" + text + "），请改为不晚于今天的日期"});
        }
        auto status = registry::StatusOn(state, request.number(), *day);
        if (!status.has_value()) {
          return NoSuch("certificate", "登记证书", request.number());
        }
        v1::GetStatusOnResponse response;
        *response.mutable_status() = *std::move(status);
        *response.mutable_position() = PositionAt(last_index);
        return response;
      });
}

}  // namespace dataip::registryd
