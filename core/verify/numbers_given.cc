#include "core/verify/numbers_given.h"

#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "core/registry/values/canonical.h"

namespace dataip::verify {
namespace {

using registry::State;
namespace v1 = registry::v1;

constexpr char kParty[] = "party";
constexpr char kAttorney[] = "attorney";
constexpr char kDraft[] = "draft";
constexpr char kApplication[] = "application";
constexpr char kRegistration[] = "registration";
constexpr char kCertificate[] = "certificate";
constexpr char kLicence[] = "licence";
constexpr char kObjection[] = "objection";
constexpr char kRequest[] = "request";
constexpr char kPledge[] = "pledge";
constexpr char kRevocation[] = "revocation";
constexpr char kFreeze[] = "freeze";
constexpr char kBatch[] = "batch";

// A later sheet stands for a registration that has its number.
std::vector<GivenNumber> OfSheet(const std::string& bytes) {
  const auto content = registry::ParseCanonical<v1::CertificateContent>(bytes);
  if (!content.ok()) return {};
  std::vector<GivenNumber> given = {{kCertificate, content->number()}};
  if (content->replaces().empty()) {
    given.push_back({kRegistration, content->registration_number()});
  }
  return given;
}

// Pledges and freezes that ended, and batches, are not in the state; their
// serials, the last seven digits, only rise.
bool SerialUsed(absl::string_view number, uint64_t used) {
  constexpr size_t kDigits = 7;
  uint64_t serial = 0;
  return number.size() >= kDigits &&
         absl::SimpleAtoi(number.substr(number.size() - kDigits), &serial) &&
         serial <= used;
}

template <typename Map>
bool In(const Map& map, const std::string& number) {
  return map.count(number) > 0;
}

bool Taken(const State& state, const GivenNumber& given) {
  const absl::string_view kind = given.kind;
  const std::string& number = given.number;
  if (kind == kParty) return In(state.parties, number);
  if (kind == kAttorney) return In(state.attorneys, number);
  if (kind == kDraft) return In(state.drafts, number);
  if (kind == kApplication) return In(state.applications, number);
  if (kind == kRegistration) return In(state.registration_numbers, number);
  if (kind == kCertificate) {
    return In(state.certificates, number) || In(state.aliases, number);
  }
  if (kind == kLicence) return In(state.licences, number);
  if (kind == kObjection) return In(state.objections, number);
  if (kind == kRequest) return In(state.requests, number);
  if (kind == kRevocation) return In(state.revocations, number);
  if (kind == kPledge) return SerialUsed(number, state.counters.pledges);
  if (kind == kFreeze) return SerialUsed(number, state.counters.freezes);
  return SerialUsed(number, state.counters.batches);
}

}  // namespace

std::vector<GivenNumber> NumbersGivenBy(const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kPartyRegistered:
      return {{kParty, event.party_registered().party().party_number()}};
    case v1::Event::kAttorneyGranted:
      return {{kAttorney, event.attorney_granted().attorney().attorney_no()}};
    case v1::Event::kApplicationPrepared: {
      // A later version keeps its number.
      const v1::Draft& draft = event.application_prepared().draft();
      if (draft.version() != 1) return {};
      return {{kDraft, draft.draft_no()}};
    }
    case v1::Event::kApplicationSubmitted:
      return {{kApplication,
               event.application_submitted().application().application_no()}};
    case v1::Event::kCertificateIssued:
      return OfSheet(event.certificate_issued().content());
    case v1::Event::kLicenceFiled:
      return {{kLicence, event.licence_filed().licence().licence_no()}};
    case v1::Event::kObjectionFiled:
      return {{kObjection, event.objection_filed().objection().objection_no()}};
    case v1::Event::kRequestFiled:
      return {{kRequest, event.request_filed().request().request_no()}};
    case v1::Event::kPledgeRegistered:
      return {{kPledge, event.pledge_registered().pledge().pledge_no()}};
    case v1::Event::kRevocationOpened:
      return {{kRevocation,
               event.revocation_opened().revocation().revocation_no()}};
    case v1::Event::kCertificateFrozen:
      return {{kFreeze, event.certificate_frozen().freeze().freeze_no()}};
    case v1::Event::kBatchDecided:
      return {{kBatch, event.batch_decided().batch_no()}};
    default:
      return {};
  }
}

bool GivesNumberTwice(
    const State& state,
    const google::protobuf::RepeatedPtrField<v1::Event>& events) {
  std::set<std::pair<std::string, std::string>> here;
  for (const v1::Event& event : events) {
    for (GivenNumber& given : NumbersGivenBy(event)) {
      if (Taken(state, given)) return true;
      if (!here.emplace(given.kind, std::move(given.number)).second) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace dataip::verify
