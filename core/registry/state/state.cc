#include "core/registry/state/state.h"

namespace dataip::registry {
namespace {

template <typename Map, typename Key>
auto* FindIn(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

bool HasAllTables(const State& state) {
  return state.calendar != nullptr && state.industries != nullptr &&
         state.regions != nullptr && state.profile != nullptr;
}

const v1::Party* FindParty(const State& state, absl::string_view number) {
  return FindIn(state.parties, number);
}

const v1::Party* FindPartyByAny(const State& state,
                                absl::string_view number_or_uscc) {
  const std::string* number = FindIn(state.usccs, number_or_uscc);
  return FindParty(
      state, number == nullptr ? number_or_uscc : absl::string_view(*number));
}

const v1::Officer* FindOfficer(const State& state, absl::string_view actor) {
  const absl::string_view kPrefix = kOfficerPrefix;
  if (actor.substr(0, kPrefix.size()) != kPrefix) return nullptr;
  return FindIn(state.officers, actor.substr(kPrefix.size()));
}

const v1::Application* FindApplication(const State& state,
                                       absl::string_view application_no) {
  return FindIn(state.applications, application_no);
}

const std::string* FindReference(const State& state, absl::string_view primary,
                                 absl::string_view reference) {
  const auto* references = FindIn(state.references, primary);
  return references == nullptr ? nullptr : FindIn(*references, reference);
}

const std::set<std::string>* FindOfFile(const State& state,
                                        absl::string_view file_sha256) {
  const auto digest =
      hash::Hash::From(hash::AsBytes({file_sha256.data(), file_sha256.size()}));
  return digest ? FindIn(state.applications_of_file, *digest) : nullptr;
}

const v1::Certificate* FindCertificate(const State& state,
                                       absl::string_view number) {
  const std::string* certificate = FindIn(state.registration_numbers, number);
  if (certificate == nullptr) certificate = FindIn(state.aliases, number);
  return FindIn(state.certificates, certificate == nullptr
                                        ? number
                                        : absl::string_view(*certificate));
}

const LicenceState* FindLicence(const State& state,
                                absl::string_view licence_no) {
  return FindIn(state.licences, licence_no);
}

bool IsOpen(const v1::Application& application) {
  switch (application.state()) {
    case v1::WITHDRAWN:
    case v1::REFUSED:
    case v1::REGISTERED:
    case v1::DEEMED_WITHDRAWN:
      return false;
    default:
      return true;
  }
}

const v1::Draft* FindDraft(const State& state, absl::string_view draft_no) {
  return FindIn(state.drafts, draft_no);
}

const v1::Objection* FindObjection(const State& state,
                                   absl::string_view objection_no) {
  return FindIn(state.objections, objection_no);
}

const v1::CertificateRequest* FindRequest(const State& state,
                                          absl::string_view request_no) {
  return FindIn(state.requests, request_no);
}

const v1::Revocation* FindRevocation(const State& state,
                                     absl::string_view revocation_no) {
  return FindIn(state.revocations, revocation_no);
}

}  // namespace dataip::registry
