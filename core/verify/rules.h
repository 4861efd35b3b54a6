// Names of the rules that a replay checks. Stable: reports, tests and the
// forgeries name them. A refusal of Decide is named as in
// core/registry/rule_names.h.
#pragma once

#include <string>

#include "dataip/registry/v1/command.pb.h"

namespace dataip::verify::rule {

// Entry and chain (formats.md 1, 2).
inline constexpr char kHeaderForm[] = "header.form";
inline constexpr char kHeaderIndex[] = "header.index";
inline constexpr char kHeaderTime[] = "header.time";
inline constexpr char kChainPrev[] = "chain.prev";
inline constexpr char kPayloadSize[] = "payload.size";
inline constexpr char kPayloadSha256[] = "payload.sha256";
inline constexpr char kPayloadSm3[] = "payload.sm3";
inline constexpr char kPayloadPresent[] = "payload.present";
inline constexpr char kPayloadErased[] = "payload.erased";
inline constexpr char kErasureOrder[] = "erasure.order";
inline constexpr char kTypeKnown[] = "type.known";

// Seal (formats.md 5).
inline constexpr char kSealForm[] = "seal.form";
inline constexpr char kSealChainHead[] = "seal.chain_head";
inline constexpr char kSealMapRoot[] = "seal.map_root";
inline constexpr char kSealInterval[] = "seal.interval";

// Transition (formats.md 7, 9).
inline constexpr char kTransitionForm[] = "transition.form";
inline constexpr char kTransitionSalt[] = "transition.salt";
inline constexpr char kCommandForm[] = "command.form";
inline constexpr char kSignatureForm[] = "signature.form";
inline constexpr char kSignatureEnrolled[] = "signature.enrolled";
inline constexpr char kSignatureValid[] = "signature.valid";
inline constexpr char kKeyLedger[] = "key.ledger";
inline constexpr char kRegistryOrigin[] = "registry.origin";
inline constexpr char kRegistryRootKey[] = "registry.root_key";
inline constexpr char kRegistryDemonstration[] = "registry.demonstration";

// Context (architecture.md, "Context").
inline constexpr char kContextForm[] = "context.form";
inline constexpr char kContextFuture[] = "context.future";
inline constexpr char kContextLate[] = "context.late";
inline constexpr char kContextBack[] = "context.back";
inline constexpr char kContextClock[] = "context.clock";
inline constexpr char kClockReal[] = "clock.real";
inline constexpr char kContextDecider[] = "context.decider";
inline constexpr char kContextTables[] = "context.tables";

// What was decided.
inline constexpr char kDecideEvents[] = "decide.events";
inline constexpr char kNumberUnique[] = "number.unique";
inline constexpr char kUsageValue[] = "usage.value";
inline constexpr char kHeaderType[] = "header.type";
inline constexpr char kHeaderStream[] = "header.stream";
inline constexpr char kHeaderUpdates[] = "header.updates";
inline constexpr char kCertificateSignatures[] = "certificate.signatures";
inline constexpr char kValueTotals[] = "value.totals";

// Checkpoint (formats.md 3).
inline constexpr char kCheckpointForm[] = "checkpoint.form";
inline constexpr char kCheckpointOrigin[] = "checkpoint.origin";
inline constexpr char kCheckpointSignatures[] = "checkpoint.signatures";
inline constexpr char kCheckpointWitnesses[] = "checkpoint.witnesses";
inline constexpr char kCheckpointSize[] = "checkpoint.size";
inline constexpr char kCheckpointRoot[] = "checkpoint.root";
inline constexpr char kCheckpointChainHead[] = "checkpoint.chain_head";
inline constexpr char kCheckpointLastLeaf[] = "checkpoint.last_leaf";

// The caller's: files of an export, and things seen elsewhere.
inline constexpr char kFileMissing[] = "file.missing";
inline constexpr char kFileUnexpected[] = "file.unexpected";
inline constexpr char kFileForm[] = "file.form";
inline constexpr char kFileManifest[] = "file.manifest";
inline constexpr char kFileTile[] = "file.tile";
inline constexpr char kSinceConsistent[] = "since.consistent";
inline constexpr char kSeenOnLedger[] = "seen.on_ledger";

// `decide.<name of the command's body>`, e.g. `decide.open_notice`.
std::string DecideRule(const registry::v1::Command& command);

}  // namespace dataip::verify::rule
