// In which open cases one has a part.
#pragma once

#include <set>
#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/state/state.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {

// What one has a part in on one day, by itself or for a principal. Powers are
// looked at only for those who ever granted one to it. The state and the name
// stay where they are meanwhile.
class Part {
 public:
  Part(const State& state, absl::string_view party, const CivilDate& today);

  // As an applicant, or the agent that filed it.
  bool In(const v1::Draft& draft) const;
  bool In(const v1::Application& application) const;
  // As who filed it, or must consent.
  bool In(const v1::CertificateRequest& request) const;
  // As a holder of the certificate.
  bool In(const v1::Revocation& revocation) const;
  // As its objector.
  bool In(const v1::Objection& objection) const;
  // As its licensee.
  bool In(const v1::Licence& licence) const;

  // Who ever granted it a power.
  const std::set<std::string, std::less<>>& principals() const {
    return principals_;
  }

 private:
  struct Matter {
    std::span<const v1::AttorneyAct> acts;
    absl::string_view object;  // empty for what has no number yet
  };

  bool InForm(const v1::ApplicationForm& form, const Matter& matter) const;
  bool StandsFor(absl::string_view other, const Matter& matter) const;

  const State& state_;
  const absl::string_view party_;
  const CivilDate today_;
  std::set<std::string, std::less<>> principals_;
};

}  // namespace dataip::registry
