#include "services/registry/object_files.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/common/error.h"
#include "services/registry/openings.h"
#include "services/registry/reads.h"

namespace dataip::registryd {
namespace {

using registry::State;
using Found = absl::StatusOr<std::vector<FoundCommitment>>;

absl::Status NotYours() {
  return NotForThisReader(
      {"files are for those who see the object that they belong to, and for "
       "officers",
       "文件仅能查看所属事项的主体及其代理人、登记机构可以下载"});
}

void Append(const google::protobuf::Message& message,
            std::vector<FoundCommitment>& files) {
  for (FoundCommitment& found : CommitmentsIn(message)) {
    files.push_back(std::move(found));
  }
}

Found InApplication(const Caller& caller, const State& state,
                    const std::string& number) {
  const auto* application = registry::FindApplication(state, number);
  if (application == nullptr) return NoSuch("application", "申请", number);
  if (!SeesApplication(caller, state, *application)) return NotYours();
  std::vector<FoundCommitment> files;
  Append(application->form(), files);
  Append(application->proceedings(), files);
  Append(application->data_department(), files);
  return files;
}

bool SeesEncumbrancesOf(const Caller& caller, const State& state,
                        const std::string& certificate_number) {
  const auto* certificate =
      registry::FindCertificate(state, certificate_number);
  return certificate == nullptr ? SeesAll(caller, state)
                                : SeesEncumbrances(caller, state, *certificate);
}

// An object of one kind by its number; numbers of two kinds are never alike.
template <typename Map, typename Sees>
std::optional<Found> In(const Map& objects, const std::string& number,
                        const Sees& sees) {
  const auto at = objects.find(number);
  if (at == objects.end()) return std::nullopt;
  if (!sees(at->second)) return Found(NotYours());
  return Found(CommitmentsIn(at->second));
}

// None for a number that is none of these.
std::optional<Found> InObject(const Caller& caller, const State& state,
                              const std::string& number) {
  const auto lies_on_seen = [&](const auto& one) {
    return SeesEncumbrancesOf(caller, state, one.certificate_number());
  };
  auto found = In(state.objections, number, [&](const v1::Objection& one) {
    return SeesObjection(caller, state, one) == ObjectionPart::kWhole;
  });
  if (found.has_value()) return found;
  found = In(state.requests, number, [&](const v1::CertificateRequest& one) {
    return SeesRequest(caller, state, one);
  });
  if (found.has_value()) return found;
  found = In(state.drafts, number, [&](const v1::Draft& one) {
    return SeesDraft(caller, state, one);
  });
  if (found.has_value()) return found;
  found = In(state.attorneys, number, [&](const v1::PowerOfAttorney& one) {
    return SeesAttorney(caller, state, one);
  });
  if (found.has_value()) return found;
  found = In(state.revocations, number, lies_on_seen);
  if (found.has_value()) return found;
  return In(state.freezes, number, lies_on_seen);
}

// What the ledger says of the record that was taken over; nothing for a
// certificate that was issued here.
Found InImport(const ObjectFilesParts& parts, uint64_t issue_index) {
  ASSIGN_OR_RETURN(const auto entry, parts.ledger.GetEntry(issue_index, true));
  ASSIGN_OR_RETURN(const Decided decided, parts.acknowledged.DecidedAt(entry));
  std::vector<FoundCommitment> files;
  for (const v1::Event& event : decided.transition.events()) {
    if (event.has_certificate_imported()) {
      Append(event.certificate_imported().provenance(), files);
    }
  }
  return files;
}

Found FilesOf(const ObjectFilesParts& parts, const Caller& caller,
              const v1::DownloadFileRequest& request) {
  const std::string& number = request.object_no();
  std::optional<uint64_t> imported_at;
  Found found = parts.acknowledged.With([&](const State& state) -> Found {
    if (number.empty()) {
      return InApplication(caller, state, request.application_no());
    }
    if (auto files = InObject(caller, state, number)) return *std::move(files);
    const auto* certificate = registry::FindCertificate(state, number);
    if (certificate == nullptr) return NoSuch("object", "事项", number);
    if (!SeesImport(caller, state, *certificate)) return NotYours();
    ASSIGN_OR_RETURN(imported_at, parts.acknowledged.projection().IssueIndex(
                                      certificate->number()));
    return std::vector<FoundCommitment>();
  });
  if (!found.ok() || !imported_at.has_value()) return found;
  return InImport(parts, *imported_at);
}

}  // namespace

absl::StatusOr<std::string> FindFileDigest(
    const ObjectFilesParts& parts, const Caller& caller,
    const v1::DownloadFileRequest& request) {
  if (!request.object_no().empty() && !request.application_no().empty()) {
    return services::InvalidField(
        "object_no", {"name an application or another object, not both",
                      "申请号与事项编号只能指定一个"});
  }
  ASSIGN_OR_RETURN(const auto files, FilesOf(parts, caller, request));
  uint32_t position = 0;
  for (const FoundCommitment& found : files) {
    if (!found.is_file || found.kind != request.kind()) continue;
    if (position++ == request.position()) return found.digest;
  }
  return NoSuch("file", "文件",
                absl::StrCat(request.kind(), "[", request.position(), "]"));
}

}  // namespace dataip::registryd
