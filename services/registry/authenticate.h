// What is checked about a command before it gets in line: size, canonical
// form, signatures, openings. All of it may run for many commands at once.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "dataip/registry/v1/registry_service.pb.h"
#include "services/registry/acknowledged.h"
#include "services/registry/files.h"
#include "services/registry/submission.h"

namespace dataip::registryd {

// Thread safe.
class Authenticator {
 public:
  // Both references outlive it.
  Authenticator(std::string origin, const Acknowledged& acknowledged,
                const FileStore& files);

  // TOO_LARGE, MALFORMED (not canonical, unknown fields, the form of
  // signatures), BAD_SIGNATURE.
  absl::StatusOr<Submission> Authenticate(
      const v1::SubmitCommandRequest& request) const;

 private:
  absl::Status CheckSignatures(Submission& submission) const;
  void CheckOpeningsOf(const v1::SubmitCommandRequest& request,
                       Submission& submission) const;

  const std::string origin_;
  const Acknowledged& acknowledged_;
  const FileStore& files_;
};

}  // namespace dataip::registryd
