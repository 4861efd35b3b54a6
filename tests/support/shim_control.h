// What a test tells the shim (shim_calls.cc) while the program under it runs:
// a page of memory that both have mapped, the file `control` of the record.
#pragma once

#include <atomic>
#include <cstdint>

namespace dataip::shim {

// What the calls of the program do to files and folders.
enum class Call : uint32_t {
  kNone,
  kOpen,
  kWrite,
  kFsync,
  kFdatasync,
  kSyncRange,
  kRename,
  kUnlink,
  kLink,
  kMkdir,
  kTruncate,
  kAllocate,
};
inline constexpr int kCalls = 12;

// What a file is for, by its name.
enum class Kind : uint32_t {
  kNone,
  kFolder,
  kWal,        // *.log
  kTable,      // *.sst
  kManifest,   // MANIFEST-*
  kTemporary,  // *.dbtmp: becomes CURRENT, IDENTITY or OPTIONS
  kOptions,    // OPTIONS-*
  kPublished,  // published, and what is renamed to it
  kText,       // LOG: RocksDB's own messages, nothing is read from them
  kOther,
};
inline constexpr int kKinds = 10;

// Set the other fields first, `armed` last; the shim disarms when it fires.
struct Control {
  std::atomic<uint32_t> armed;
  std::atomic<uint32_t> fired;
  Call call;
  Kind kind;
  uint32_t execute;  // 1: the call is made, then reported as failed
  int32_t error;     // an errno; 0: the process is killed
  // Kills at the call that makes this 0; 0 from the start: never.
  std::atomic<uint64_t> calls_to_live;
  // Calls seen on files and folders of the tree.
  std::atomic<uint64_t> calls;
  // The same by call and kind, while this is not 0.
  std::atomic<uint32_t> counting;
  std::atomic<uint32_t> seen[kCalls][kKinds];
};

// Environment of the program under the shim.
inline constexpr char kRootVariable[] = "DATAIP_SHIM_ROOT";
inline constexpr char kRecordVariable[] = "DATAIP_SHIM_RECORD";
inline constexpr char kNoSyncVariable[] = "DATAIP_SHIM_NO_SYNC";

}  // namespace dataip::shim
