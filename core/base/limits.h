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

// Protobuf read by hand (formats.md 9).
inline constexpr size_t kMessageBytes = size_t{64} << 20;

// Files that people give to the client, and what it makes of them.
inline constexpr size_t kImportFileBytes = size_t{64} << 20;
inline constexpr size_t kSampleRows = 500;
inline constexpr size_t kDefaultSampleRows = 20;
inline constexpr size_t kUploadFileBytes = size_t{20} << 20;

// Ledger service (architecture.md, "Ledger service").
inline constexpr size_t kEntriesPerMessage = 4'096;
inline constexpr size_t kAppendMessageBytes = size_t{32} << 20;
inline constexpr size_t kInstanceIdBytes = 64;
inline constexpr size_t kUnacknowledgedMessages = 256;  // of one stream
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

// Registry service (architecture.md, "A command's way").
inline constexpr size_t kCommandBytes = size_t{4} << 20;
inline constexpr size_t kOpeningsPerCommand = 1'000;
inline constexpr size_t kOpeningValueBytes = 4'096;
inline constexpr size_t kCallBytes = size_t{12} << 20;
inline constexpr size_t kFileChunkBytes = size_t{1} << 20;
inline constexpr size_t kQueuedCommands = 2'048;
inline constexpr size_t kCommandsPerAppend = 64;
inline constexpr size_t kAppendsInFlight = 64;
inline constexpr size_t kListPageLines = 1'000;
inline constexpr size_t kPageTokenBytes = 512;
inline constexpr int64_t kReceiptWaitMs = 2'000;
inline constexpr int64_t kLedgerOutageMs = 5'000;
inline constexpr int64_t kDecisionAheadMs = 5'000;
inline constexpr int64_t kDecisionBehindMs = 60'000;
inline constexpr int64_t kClockCommandLifeMs = 3'600'000;
inline constexpr int64_t kUnusedFileKeptS = 86'400;

}  // namespace dataip::limits
