// The lines of queues: what an open case waits for on one day, and until when.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/registry/queue/queue.h"
#include "core/registry/state/state.h"
#include "core/registry/tables/profile.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {

// Lines of one list, made on one day. The state stays where it is meanwhile.
class QueueLines {
 public:
  QueueLines(const State& state, int64_t now_ms);

  // With a line for each open objection to it.
  void AddApplication(const v1::Application& application);
  void AddDraft(const v1::Draft& draft);
  void AddRequest(const v1::CertificateRequest& request);
  // While the hearing runs those of its holders are awaited who have not
  // stated, then the registry.
  void AddRevocation(const v1::Revocation& revocation);
  // One that its licensee has not confirmed, until its last day.
  void AddLicence(const v1::Licence& licence);
  // For its objector: what it waits for while it is open, and after it was
  // dismissed until when proceedings may be proved.
  void AddOwnObjection(const v1::Objection& objection);

  // In the order of the list.
  std::vector<QueueLine> Take();

 private:
  const Profile* ValuesFor(const v1::Certificate& certificate) const;
  void AddNotice(const v1::Application& application);
  void AddObjection(const v1::Application& application,
                    const v1::Objection& objection);
  void AddObjections(const v1::Application& application);
  void Add(const v1::Application& application, Step step,
           const v1::Deadline& deadline, const std::string& objection_no = "");
  v1::Deadline DueAfter(const Profile* values, absl::string_view rule,
                        const CivilDate& start) const;
  Until See(const Profile* values, const v1::Deadline& deadline) const;

  const State& state_;
  const int64_t now_ms_;
  const CivilDate today_;
  std::vector<QueueLine> lines_;
};

}  // namespace dataip::registry
