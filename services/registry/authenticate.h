// What is checked about a command before it gets in line: size, canonical
// form, signatures, openings. All of it may run for many commands at once.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "dataip/registry/v1/registry_service.pb.h"
#include "services/registry/acknowledged.h"
#include "services/registry/files.h"
#include "services/registry/submission.h"
#include "services/registry/uploads.h"

namespace dataip::registryd {

// Thread safe.
class Authenticator {
 public:
  struct Parts {
    const Acknowledged& acknowledged;
    const FileStore& files;
    const Uploads& uploads;
  };
  // The parts outlive it.
  Authenticator(std::string origin, const Parts& parts);

  // TOO_LARGE, MALFORMED (not canonical, unknown fields, the form of
  // signatures), BAD_SIGNATURE. `sender` is the actor of its TLS certificate,
  // "" without one.
  absl::StatusOr<Submission> Authenticate(
      const std::string& sender, const v1::SubmitCommandRequest& request) const;

 private:
  absl::Status CheckSignatures(Submission& submission) const;
  void CheckOpeningsOf(const std::string& sender,
                       const v1::SubmitCommandRequest& request,
                       Submission& submission) const;

  const std::string origin_;
  const Acknowledged& acknowledged_;
  const FileStore& files_;
  const Uploads& uploads_;
};

}  // namespace dataip::registryd
