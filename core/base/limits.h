// Every length, count, queue, page and deadline that has a limit, by name; the
// unit stands last. Constants only, so that core/proof may use them too.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dataip::limits {

// Entry header (formats.md 1).
inline constexpr size_t kHeaderBytes = 65'535;
inline constexpr size_t kTypeBytes = 64;
inline constexpr size_t kStreamBytes = 255;
inline constexpr size_t kMapKeyBytes = 255;
inline constexpr size_t kUpdatesPerEntry = 512;
inline constexpr uint64_t kPayloadBytes = uint64_t{16} << 20;
inline constexpr uint64_t kIndex = (uint64_t{1} << 63) - 1;

// Notes and checkpoints (formats.md 3; C2SP signed-note).
inline constexpr size_t kOriginBytes = 255;
inline constexpr size_t kNoteBytes = 1'000'000;
inline constexpr size_t kSignatureLines = 100;
inline constexpr size_t kSignatureLineBytes = 1024;

// Proofs (RFC 6962; formats.md 4).
inline constexpr size_t kTreePathHashes = 64;
inline constexpr size_t kMapProofHashes = 256;

// Signed commands (formats.md 7).
inline constexpr size_t kSignaturesPerCommand = 8;

// Bundle (formats.md 8).
inline constexpr size_t kBundleBytes = size_t{4} << 20;
inline constexpr size_t kCertificatesPerChain = 8;
inline constexpr size_t kCertificateDerBytes = 16'384;
inline constexpr uint64_t kBundleFormat = 1;

// Files that people give to the client, and what it makes of them.
inline constexpr size_t kImportFileBytes = size_t{64} << 20;
inline constexpr size_t kDefaultSampleRows = 20;
inline constexpr size_t kCommandsPerFile = 1'000;
inline constexpr size_t kCommandFileBytes = size_t{64} << 20;

// Ledger service (architecture.md, "Ledger service").
inline constexpr size_t kEntriesPerMessage = 4'096;
inline constexpr size_t kAppendMessageBytes = size_t{32} << 20;
inline constexpr size_t kInstanceIdBytes = 64;
inline constexpr size_t kUnacknowledgedMessages = 256;  // of one stream
inline constexpr size_t kUnacknowledgedBytes = size_t{32} << 20;
inline constexpr size_t kQueuedMessages = 4'096;
inline constexpr size_t kQueuedBytes = size_t{128} << 20;
inline constexpr size_t kBatchEntries = 8'192;
inline constexpr size_t kBatchBytes = size_t{32} << 20;
inline constexpr size_t kReceiptsKept = 1'024;
inline constexpr size_t kProofKeys = 256;
inline constexpr size_t kProofIndices = 256;
inline constexpr size_t kReadResponseBytes = size_t{4} << 20;
inline constexpr size_t kReadResponseEntries = 4'096;
inline constexpr size_t kRebuildsQueued = 16;
inline constexpr uint32_t kOverloadRetryMs = 100;
inline constexpr int64_t kClockToleranceMs = 5'000;
inline constexpr int64_t kCheckpointIntervalMs = 200;
inline constexpr int64_t kSealRefreshMs = 600'000;
inline constexpr int64_t kSizesKeptMs = 600'000;
inline constexpr size_t kCommitsInFlight = 2;
inline constexpr size_t kErasuresPerOrder = 100;
// The map on disk: a subtree of more keys than this has a page of its own.
inline constexpr size_t kMapBucketKeys = 32;
inline constexpr size_t kDefaultMapCacheBytes = size_t{32} << 20;
inline constexpr size_t kUnmappedUpdates = 65'536;  // waiting to be hashed

// HTTP: tiles, witness, metrics.
inline constexpr size_t kHttpThreads = 8;
inline constexpr size_t kHttpQueuedConnections = 64;
inline constexpr size_t kHttpRequestBytes = 65'536;
inline constexpr int64_t kHttpTimeoutMs = 5'000;

// Witnesses (C2SP tlog-witness).
inline constexpr size_t kWitnesses = 16;
inline constexpr int64_t kWitnessTimeoutMs = 1'000;
inline constexpr int64_t kWitnessIntervalMs = 1'000;
inline constexpr size_t kWitnessResponseBytes = 16'384;
inline constexpr size_t kWitnessLogs = 256;

// Registry service (architecture.md, "A command's way").
inline constexpr size_t kCommandBytes = size_t{4} << 20;
inline constexpr size_t kOpeningsPerCommand = 1'000;
inline constexpr size_t kOpeningValueBytes = 4'096;
inline constexpr size_t kCallBytes = size_t{12} << 20;
inline constexpr size_t kFileChunkBytes = size_t{1} << 20;
inline constexpr size_t kQueuedCommands = 2'048;
inline constexpr size_t kCommandsPerAppend = 64;
inline constexpr size_t kAppendsInFlight = 64;
inline constexpr size_t kGatheredBytes = size_t{8} << 20;  // for one append
inline constexpr size_t kQueuedJobs = 1'024;
inline constexpr uint64_t kWorkers = 256;
inline constexpr size_t kCheckpointsKept = 256;  // while the state lags
inline constexpr size_t kListPageLines = 1'000;
inline constexpr size_t kPageTokenBytes = 512;
inline constexpr int64_t kReceiptWaitMs = 2'000;
inline constexpr int64_t kLedgerOutageMs = 5'000;
inline constexpr int64_t kDecisionAheadMs = 5'000;
inline constexpr int64_t kDecisionBehindMs = 60'000;
inline constexpr int64_t kClockCommandLifeMs = 3'600'000;
inline constexpr int64_t kUnusedFileKeptS = 86'400;
inline constexpr int64_t kFileSweepIntervalMs = 3'600'000;

// Commands (formats.md 7).
inline constexpr size_t kCommandIdBytes = 16;
inline constexpr int64_t kCommandLifeMs = int64_t{24} * 3'600'000;
inline constexpr int64_t kIssuedAheadMs = 5'000;

// The registration form (rules 1.2; the proto's comments).
inline constexpr size_t kReferenceBytes = 64;
inline constexpr size_t kFormNameLeastCharacters = 4;
inline constexpr size_t kFormNameCharacters = 60;
inline constexpr int kApplicantsPerForm = 7;
inline constexpr int kSourcesPerForm = 20;
inline constexpr int kFieldsLeastPerForm = 2;
inline constexpr int kFieldsPerForm = 500;
inline constexpr int kEvidencePerForm = 20;
inline constexpr int kAttachmentsPerForm = 100;
inline constexpr int kPriorRegistrationsPerForm = 50;
inline constexpr size_t kScenarioLeastCharacters = 50;
inline constexpr size_t kScenarioCharacters = 2'000;
inline constexpr size_t kAlgorithmLeastCharacters = 100;
inline constexpr size_t kAlgorithmCharacters = 3'000;
inline constexpr size_t kTextCharacters = 2'000;
inline constexpr size_t kLineCharacters = 200;
inline constexpr size_t kReasonLeastCharacters = 2;
inline constexpr size_t kReasonCharacters = 500;
inline constexpr size_t kRefusalReasonCharacters = 2'000;
inline constexpr uint32_t kSampleRows = 500;
inline constexpr uint64_t kFileBytes = uint64_t{20} << 20;
inline constexpr uint64_t kBytesPerRecord = 10'000'000;
inline constexpr uint64_t kDepositBlockBytes = 65'536;
inline constexpr size_t kPublicSummaryCharacters = 200;
inline constexpr uint32_t kWholeShareBp = 10'000;

// Other commands of the registry.
inline constexpr int kDefectsPerCorrection = 100;
inline constexpr int kEventsPerUsage = 1'000;
inline constexpr size_t kUsageIdBytes = 64;
inline constexpr size_t kPartyNameLeastCharacters = 2;
inline constexpr size_t kPartyNameCharacters = 100;
inline constexpr size_t kUnitCharacters = 20;
inline constexpr size_t kProfileIdBytes = 64;
inline constexpr size_t kTableBytes = size_t{2} << 20;
inline constexpr size_t kAuthorityCharacters = 200;

}  // namespace dataip::limits
