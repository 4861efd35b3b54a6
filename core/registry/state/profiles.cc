#include "core/registry/state/profiles.h"

#include "absl/strings/string_view.h"
#include "core/registry/state/about.h"

namespace dataip::registry {
namespace {

const v1::ProfileRef* OfApplication(const State& state,
                                    absl::string_view number) {
  const v1::Application* found = FindApplication(state, number);
  return found == nullptr ? nullptr : &found->profile();
}

const v1::ProfileRef* OfObjection(const State& state,
                                  absl::string_view number) {
  const v1::Objection* found = FindObjection(state, number);
  return found == nullptr ? nullptr
                          : OfApplication(state, found->application_no());
}

const v1::ProfileRef* OfRequest(const State& state, absl::string_view number) {
  const v1::CertificateRequest* found = FindRequest(state, number);
  return found == nullptr ? nullptr : &found->profile();
}

// One that was issued before certificates kept their profile has none.
const v1::ProfileRef* OfCertificate(const State& state,
                                    absl::string_view number) {
  const v1::Certificate* found = FindCertificate(state, number);
  return found == nullptr || found->profile().sha256().empty()
             ? nullptr
             : &found->profile();
}

const v1::ProfileRef* OfRevocation(const State& state,
                                   absl::string_view number) {
  const v1::Revocation* found = FindRevocation(state, number);
  return found == nullptr ? nullptr
                          : OfCertificate(state, found->certificate_number());
}

const v1::ProfileRef* OfFreeze(const State& state, absl::string_view number) {
  const auto found = state.freezes.find(number);
  return found == state.freezes.end()
             ? nullptr
             : OfCertificate(state, found->second.certificate_number());
}

// What begins a case of its own, though it names the certificate of another.
bool BeginsCase(const v1::Command& command) {
  return command.has_file_request() || command.has_file_licence();
}

// A batch is of one profile (batch_items.h), that of its first item.
const v1::ProfileRef* OfCase(const State& state, const v1::Command& command) {
  if (BeginsCase(command)) return nullptr;
  const Object object = ObjectOf(command);
  switch (object.type) {
    case ObjectType::kApplication:
      return OfApplication(state, object.number);
    case ObjectType::kObjection:
      return OfObjection(state, object.number);
    case ObjectType::kCertificate:
      return OfCertificate(state, object.number);
    case ObjectType::kRequest:
      return OfRequest(state, object.number);
    case ObjectType::kRevocation:
      return OfRevocation(state, object.number);
    case ObjectType::kFreeze:
      return OfFreeze(state, object.number);
    case ObjectType::kNothing:
    case ObjectType::kRegistry:
    case ObjectType::kClock:
    case ObjectType::kTable:
    case ObjectType::kOfficer:
    case ObjectType::kParty:
    case ObjectType::kAttorney:
    case ObjectType::kDraft:
    case ObjectType::kBatch:
    case ObjectType::kPledge:
    case ObjectType::kLicence:
      return nullptr;
  }
  return nullptr;
}

}  // namespace

v1::ProfileRef ProfileOn(const State& state, const CivilDate& day) {
  v1::ProfileRef in_force;
  for (const Adoption& adoption : state.adoptions) {
    if (in_force.sha256().empty() || !(day < adoption.effective_from)) {
      in_force = adoption.profile;
    }
  }
  if (in_force.sha256().empty()) {
    in_force.set_profile_id(state.registry.profile_id());
  }
  return in_force;
}

v1::ProfileRef ProfileFor(const State& state, const v1::Command& command,
                          int64_t decided_at_ms) {
  const v1::ProfileRef* of_case = OfCase(state, command);
  return of_case != nullptr ? *of_case
                            : ProfileOn(state, ShanghaiDate(decided_at_ms));
}

const Profile* ValuesOf(const State& state, const v1::ProfileRef& ref) {
  const auto found = state.profiles.find(ref.sha256());
  return found == state.profiles.end() ? nullptr : found->second.get();
}

}  // namespace dataip::registry
