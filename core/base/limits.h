// Every length, count, queue, page and deadline that bounds what others may
// ask of us, what a setting may say, or what we hold in memory, by name; the
// unit stands last. How a file cuts its own work (bytes of one read, pauses
// between tries, fields of a format) stands there. Constants only, so that
// core/proof may use them too.
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
// Room for post-quantum signatures, which are nearly 5 kB (C2SP signed-note).
inline constexpr size_t kForeignSignatureLineBytes = 8'192;
inline constexpr size_t kConsistencyLines = 63;  // C2SP tlog-witness

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
// Of an export, read and not yet checked, unless one group alone is larger.
inline constexpr uint64_t kAuditReadAheadBytes = uint64_t{256} << 20;
inline constexpr int kJsonDepth = 8;
inline constexpr uint64_t kMirrorIntervalS = 86'400;

// Every server: what one setting may say, descriptors, gRPC, the log.
inline constexpr uint64_t kConfiguredMib = uint64_t{1} << 20;  // a terabyte
inline constexpr uint64_t kConfiguredMessages = 1'000'000;
inline constexpr uint64_t kConfiguredSeconds = 86'400;
inline constexpr uint64_t kConfigBytes = uint64_t{1} << 20;  // of its file
inline constexpr int kGreatestPort = 65'535;
inline constexpr size_t kDescriptors = size_t{1} << 20;
inline constexpr size_t kDatabaseDescriptors = 4'096;
inline constexpr size_t kPassingDescriptors = 256;
// Each connection costs memory too.
inline constexpr size_t kConnectionDescriptors = 16'384;
inline constexpr size_t kHttpDescriptors = 512;  // the rest are gRPC's
inline constexpr int kPendingConnections = 1'024;
inline constexpr int kCallMetadataBytes = 64 << 10;
inline constexpr int kStreamsPerConnection = 256;
inline constexpr int kStreamWindowBytes = 1 << 20;
// Until a peer that connected has said that it speaks HTTP/2 (and TLS).
inline constexpr int kHandshakeMs = 10'000;
// Calls that need a thread; the rest is answered RESOURCE_EXHAUSTED.
inline constexpr int kCallThreads = 1'000;
// Clients may ask this often whether we are there (client/channel.h does).
inline constexpr int kPingIntervalLeastMs = 5'000;
// A connection whose peer takes nothing of what is sent for so long ends, and
// its calls with it: gRPC itself ends no call of a connection that is stuck.
inline constexpr unsigned kUntakenMs = 5'000;
inline constexpr size_t kRequestIdBytes = 64;
// An attack, or an overload, must not fill the disk with log lines.
inline constexpr int kLogLinesPerSecond = 20;

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
inline constexpr uint64_t kLongestCheckpointIntervalMs = 60'000;
inline constexpr int64_t kSealRefreshMs = 600'000;
inline constexpr int64_t kSizesKeptMs = 600'000;
inline constexpr size_t kCommitsInFlight = 2;
inline constexpr size_t kErasuresPerOrder = 100;
inline constexpr size_t kErasuresQueued = 16;
inline constexpr size_t kBackupsQueued = 2;
// Waiters are woken by one job however many there are, up to so many of one
// size: checkpoints, or entries.
inline constexpr size_t kNotificationsQueued = 16;
inline constexpr size_t kMilestoneWaits = 4'096;
// More than either file of a backup's manifest has; about 500,000 files in
// the list.
inline constexpr size_t kManifestNoteBytes = size_t{1} << 20;
inline constexpr size_t kManifestListBytes = size_t{64} << 20;
// The map on disk: a subtree of more keys than this has a page of its own.
inline constexpr size_t kMapBucketKeys = 32;
inline constexpr size_t kDefaultMapCacheBytes = size_t{192} << 20;
inline constexpr size_t kDefaultDatabaseCacheBytes = size_t{64} << 20;
// Of one older size whose map is made again, and of a check of all of it.
inline constexpr size_t kRebuildMapCacheBytes = size_t{32} << 20;
inline constexpr size_t kRebuildDatabaseCacheBytes = size_t{8} << 20;
inline constexpr size_t kCheckMapCacheBytes = size_t{1} << 20;
inline constexpr size_t kUnmappedUpdates = 65'536;  // waiting to be hashed
// So many changes are at most kept in memory for one seal, and a batch's more.
inline constexpr size_t kMapChangesPerSeal = 32'768;
// At five checkpoints a second, more than ten minutes: each keeps a snapshot
// of the database.
inline constexpr size_t kStatesKept = 4'096;

// Answers that readers have not taken yet (services/ledger/answers.h).
// Of answers that are entries, and of their calls: those that wait too.
inline constexpr size_t kEntryAnswerBytes = size_t{64} << 20;
inline constexpr size_t kEntryCalls = 2'048;
inline constexpr size_t kEntryThreads = 2;
// Of their bytes, kept for single reads, for streams whose first answer was not
// taken yet, and for the other streams, however much the rest asks for.
inline constexpr size_t kSingleReadBytes = size_t{8} << 20;
inline constexpr size_t kNewStreamBytes = size_t{8} << 20;
inline constexpr size_t kProvenStreamBytes = size_t{32} << 20;
// What one answer of a stream carries, unless one entry is larger: little at
// first, more to those who take it quickly.
inline constexpr size_t kFirstRunBytes = size_t{64} << 10;
inline constexpr size_t kRunBytes = size_t{1} << 20;
// What to wait for before an entry's size is known; most are smaller.
inline constexpr size_t kExpectedEntryBytes = size_t{16} << 10;
// Of answers that are proofs, the threads that make them, and their calls.
inline constexpr size_t kProofAnswerBytes = size_t{32} << 20;
inline constexpr size_t kProofCalls = 512;
inline constexpr size_t kProofThreads = 2;
// Of a proof without any key or index, and for each of them; in copies.
inline constexpr size_t kExpectedProofBytes = size_t{16} << 10;
inline constexpr size_t kExpectedProofBytesPerItem = size_t{4} << 10;
// More take too long for gRPC's own threads, which appends need.
inline constexpr size_t kQuickProofs = 8;
// An answer that was not taken for so long gives its room to those who wait;
// sooner, down to the least, with each so many who do.
inline constexpr int64_t kStalledAnswerMs = 3'000;
inline constexpr int64_t kLeastStalledAnswerMs = 250;
inline constexpr size_t kImpatientCalls = 64;
// gRPC may hold the answer of a call that was cut until its connection ends,
// which the kernel sees to (services/common/listener.cc).
inline constexpr int64_t kCutAnswerKeptMs = 15'000;

// HTTP: tiles, witness, metrics.
inline constexpr size_t kHttpThreads = 8;
inline constexpr size_t kHttpQueuedConnections = 64;
inline constexpr size_t kHttpRequestBytes = 65'536;
inline constexpr int64_t kHttpTimeoutMs = 5'000;
inline constexpr size_t kHttpHeadBytes = 8'192;
inline constexpr size_t kHttpRequestsPerConnection = 1'000;
// Of an answer that its client has not taken yet, so much is kept.
inline constexpr size_t kHttpUnsentBytes = size_t{256} << 10;
// What a refused client still sends is read for a while: closing at once would
// reset the connection before it has the answer.
inline constexpr int64_t kHttpRefusedMs = 1'000;
// Of a streamed body at a time, unless one entry is larger.
inline constexpr size_t kHttpPieceBytes = size_t{1} << 20;
// A reader may be slow, but no slower than this for ever.
inline constexpr int64_t kHttpLeastBytesPerMs = 16;
inline constexpr size_t kUrlBytes = 2'048;

// Witnesses (C2SP tlog-witness).
inline constexpr size_t kWitnesses = 16;
inline constexpr int64_t kWitnessTimeoutMs = 1'000;
inline constexpr int64_t kWitnessIntervalMs = 1'000;
inline constexpr size_t kWitnessResponseBytes = 16'384;
inline constexpr size_t kWitnessLogs = 256;
// Lines of a witness's index: hex, an origin that fits a request, and more.
inline constexpr size_t kWitnessIndexBytes =
    (kWitnessLogs + 2) * kHttpRequestBytes;
// Answers in a row, by one witness, that make an unsigned claim a conflict: one
// may be a proxy's, or a program's that is just being mended.
inline constexpr int kConflictClaims = 3;
// A cosignature whose time differs more from our clock is not believed.
inline constexpr int64_t kCosignatureSkewS = 300;

// Registry service (architecture.md, "A command's way").
inline constexpr size_t kCommandBytes = size_t{4} << 20;
inline constexpr size_t kOpeningsPerCommand = 1'000;
inline constexpr size_t kOpeningValueBytes = 4'096;
inline constexpr size_t kCallBytes = size_t{12} << 20;
inline constexpr size_t kFileChunkBytes = size_t{1} << 20;
inline constexpr size_t kQueuedCommands = 2'048;
inline constexpr size_t kRehearsalsQueued = 4;
inline constexpr size_t kCommandsPerAppend = 64;
inline constexpr size_t kAppendsInFlight = 64;
inline constexpr size_t kGatheredBytes = size_t{8} << 20;  // for one append
inline constexpr size_t kQueuedJobs = 1'024;
inline constexpr uint64_t kWorkers = 256;
inline constexpr size_t kCheckpointsKept = 256;  // while the state lags
inline constexpr size_t kListPageLines = 1'000;
inline constexpr size_t kDefaultListPageLines = 100;
inline constexpr size_t kPageTokenBytes = 512;
// Of the status records in one answer about a certificate, the newest.
inline constexpr size_t kStatusRecordsBytes = size_t{4} << 20;
inline constexpr int64_t kReceiptWaitMs = 2'000;
inline constexpr int64_t kErasureAnswerMs = 2'000;  // before asking again
inline constexpr int64_t kLedgerOutageMs = 5'000;
inline constexpr int64_t kDecisionAheadMs = 5'000;
inline constexpr int64_t kDecisionBehindMs = 60'000;
inline constexpr int64_t kClockCommandLifeMs = 3'600'000;
inline constexpr int64_t kUnusedFileKeptS = 86'400;
inline constexpr int64_t kFileSweepIntervalMs = 3'600'000;
// Bytes that were uploaded within kUnusedFileKeptS and that no command was
// recorded for: of one actor, of all, and what the smallest file counts as.
inline constexpr uint64_t kUnfiledBytesOfOne = uint64_t{1} << 30;
inline constexpr uint64_t kUnfiledBytes = uint64_t{16} << 30;
inline constexpr uint64_t kUnfiledBytesAtLeast = 4'096;
// Readers of the feed at one time, those that are kept for root and officers,
// and those of one caller; callers without a certificate count as one party.
inline constexpr size_t kFeedReaders = 256;
inline constexpr size_t kFeedReadersOfOffice = 64;
inline constexpr size_t kFeedReadersOfOne = 32;
inline constexpr size_t kFeedReadersOfParty = 8;
// Entries looked at before a reader hears how far it is, and read at a time.
inline constexpr size_t kFeedEntriesLookedAt = 256;
inline constexpr size_t kFeedEntriesRead = 32;

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
inline constexpr size_t kSubstituteBytes = size_t{1} << 20;
inline constexpr size_t kUsageIdBytes = 64;
inline constexpr size_t kPartyNameLeastCharacters = 2;
inline constexpr size_t kPartyNameCharacters = 100;
inline constexpr size_t kUnitCharacters = 20;
inline constexpr size_t kProfileIdBytes = 64;
inline constexpr size_t kTableBytes = size_t{2} << 20;
inline constexpr size_t kAuthorityLeastCharacters = 2;
inline constexpr size_t kAuthorityCharacters = 200;
// Of a document that a command names, and of a case elsewhere.
inline constexpr size_t kDocumentNumberCharacters = 100;
inline constexpr size_t kCaseNumberCharacters = 100;
inline constexpr int kKeysPerActor = 100;
inline constexpr int kObjectsPerPower = 100;
inline constexpr int kCommitmentsPerOrder = 1'000;
inline constexpr int kItemsPerBatch = 120;
// Of all items together: their reasons stand in one payload and one answer.
inline constexpr int kDefectsPerBatch = 1'200;
inline constexpr int kFieldsPerClaim = 20;
inline constexpr int kFilesPerObjection = 20;
inline constexpr size_t kClaimLeastCharacters = 10;
inline constexpr size_t kClaimCharacters = 2'000;
inline constexpr size_t kAnswerCharacters = 2'000;
inline constexpr int kFilesPerStatement = 20;  // in a hearing
// Requests open on one certificate: of one holder or pledgee; of one who is
// neither; of all such others. Those of others never stand in a holder's way.
inline constexpr int kOpenRequests = 20;
inline constexpr int kOpenRequestsOfOther = 2;
inline constexpr int kOpenRequestsOfOthers = 6;
inline constexpr size_t kUseStatementLeastCharacters = 10;  // of a renewal
// The search for duplicates: applications listed; looked at in an index, the
// newest first, and passed over on the way, works of the form's own series.
inline constexpr int kSimilarListed = 10;
inline constexpr size_t kIndexLooked = 16;
inline constexpr size_t kIndexWalked = 256;
// Entries of lists of names that it walks through, and names it answers with.
inline constexpr size_t kNamesWalked = 1'024;
inline constexpr size_t kNamesFound = 16;
// Licences that lie on one certificate: each stands in every status record.
inline constexpr size_t kLicencesPerCertificate = 200;
inline constexpr int kLegacyNumbers = 10;
inline constexpr size_t kLegacyNumberCharacters = 64;
inline constexpr size_t kSystemCharacters = 100;

}  // namespace dataip::limits
