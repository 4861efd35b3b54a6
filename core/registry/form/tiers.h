// Tiers of disclosure (rules 5.4) in a form: who may read which field, and
// which values stand as commitments only.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/registry/tables/profile.h"
#include "dataip/registry/v1/application.pb.h"
#include "dataip/rpc/v1/error.pb.h"

namespace dataip::registry {

// What the profile says of a top-level field (key `tier.<field>`: PUBLIC,
// EXAMINER or SEALED); without a word of it, or without a profile, PUBLIC for
// what a notice shows, else EXAMINER.
v1::DisclosureTier ProfileTier(const Profile* profile, absl::string_view field);

// Whether a notice shows the field, or some of it: `notice.fields` of the
// profile, and nothing that is SEALED.
bool NoticeShows(const Profile* profile, absl::string_view field);

// The profile's tier, narrowed by the form's own tier.
v1::DisclosureTier TierOf(const Profile* profile,
                          const v1::ApplicationForm& form,
                          absl::string_view field);

// Null when no value of that path is sealed.
const v1::SealedField* FindSealed(const v1::ApplicationForm& form,
                                  absl::string_view path);

// A sealed path and the value behind it.
struct SealedValue {
  std::string path;
  std::string value;
};

// B23: violations for each sealed value of at least four characters that
// stands in a text that a notice shows. Decide cannot ask it, since it
// has no opening: it is for who has them, before the form is filed (the
// pre-check at a client, the registry's service).
std::vector<rpc::v1::FieldViolation> FindSealedInPublic(
    const v1::ApplicationForm& form, const Profile* profile,
    const std::vector<SealedValue>& values);

}  // namespace dataip::registry
