#include "core/verify/rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/verify/replay.h"

namespace dataip::verify {
namespace rule {

std::string DecideRule(const registry::v1::Command& command) {
  const auto* body =
      registry::v1::Command::descriptor()->FindOneofByName("body");
  const google::protobuf::Reflection* reflection =
      registry::v1::Command::GetReflection();
  const auto* field = reflection->GetOneofFieldDescriptor(command, body);
  return absl::StrCat("decide.", field == nullptr ? "none" : field->name());
}

}  // namespace rule

std::vector<std::string> AllRules() {
  using namespace rule;  // NOLINT: the names above, all of them
  std::vector<std::string> rules = {kHeaderForm,
                                    kHeaderIndex,
                                    kHeaderTime,
                                    kChainPrev,
                                    kPayloadSize,
                                    kPayloadSha256,
                                    kPayloadSm3,
                                    kPayloadPresent,
                                    kPayloadErased,
                                    kErasureOrder,
                                    kTypeKnown,
                                    kSealForm,
                                    kSealChainHead,
                                    kSealMapRoot,
                                    kSealInterval,
                                    kTransitionForm,
                                    kTransitionSalt,
                                    kCommandForm,
                                    kSignatureForm,
                                    kSignatureEnrolled,
                                    kSignatureValid,
                                    kKeyLedger,
                                    kRegistryOrigin,
                                    kRegistryRootKey,
                                    kRegistryDemonstration,
                                    kContextForm,
                                    kContextFuture,
                                    kContextLate,
                                    kContextBack,
                                    kContextClock,
                                    kClockReal,
                                    kContextDecider,
                                    kContextTables,
                                    kDecideEvents,
                                    kNumberUnique,
                                    kUsageValue,
                                    kHeaderType,
                                    kHeaderStream,
                                    kHeaderUpdates,
                                    kCertificateSignatures,
                                    kValueTotals,
                                    kCheckpointForm,
                                    kCheckpointOrigin,
                                    kCheckpointSignatures,
                                    kCheckpointWitnesses,
                                    kCheckpointSize,
                                    kCheckpointRoot,
                                    kCheckpointChainHead,
                                    kCheckpointLastLeaf,
                                    kFileMissing,
                                    kFileUnexpected,
                                    kFileForm,
                                    kFileManifest,
                                    kFileTile,
                                    kSinceConsistent,
                                    kSeenOnLedger};
  const auto* body =
      registry::v1::Command::descriptor()->FindOneofByName("body");
  for (int i = 0; i < body->field_count(); ++i) {
    rules.push_back(absl::StrCat("decide.", body->field(i)->name()));
  }
  std::sort(rules.begin(), rules.end());
  return rules;
}

}  // namespace dataip::verify
