// What a backup consists of and where it leads, signed by the ledger's keys.
//
// The note's text, each line ended by LF:
//
//   dataip ledger backup 1
//   origin <origin>
//   backup <number>
//   made_ms <Unix ms>
//   checkpoint <base64 of the signed note>
//   files <count> <SHA-256 of the list, hex>
//
// The list, a file of its own, has a line `<SHA-256, hex> <bytes> <path>` for
// each file, ascending by path.
//
// The ledger's keys sign notes only (formats.md 7), and both sign this one, SM2
// with the chain head of the checkpoint in it. It cannot be taken for a
// checkpoint: the first line has spaces, which no origin has (formats.md 3),
// the second is no number, and a checkpoint has three lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/hash/hash.h"
#include "services/ledger/checkpointer.h"
#include "services/ledger/published.h"

namespace dataip::ledger {

struct BackupFile {
  std::string path;  // relative to the backup folder
  uint64_t byte_size = 0;
  hash::Hash sha256;

  friend bool operator==(const BackupFile&, const BackupFile&) = default;
};

struct BackupManifest {
  std::string origin;
  uint32_t id = 0;
  int64_t made_ms = 0;
  std::string checkpoint;  // signed note
  uint64_t file_count = 0;
  hash::Hash files_sha256;

  friend bool operator==(const BackupManifest&,
                         const BackupManifest&) = default;
};

// The one spelling; Parse takes nothing else and never fails but with
// DATA_LOSS.
std::string FormatManifest(const BackupManifest& manifest);
absl::StatusOr<BackupManifest> ParseManifest(std::string_view text);
std::string FormatFileList(const std::vector<BackupFile>& files);
absl::StatusOr<std::vector<BackupFile>> ParseFileList(std::string_view text);

// Signed by both keys, over the chain head of `checkpoint`.
absl::StatusOr<std::string> SignManifest(const BackupManifest& manifest,
                                         const hash::Hash& chain_head,
                                         const Signing& signing);

struct CheckedManifest {
  BackupManifest manifest;
  PublishedCheckpoint checkpoint;
};

// A manifest that both keys of this ledger have signed and that leads to a
// checkpoint of it. DATA_LOSS otherwise, with what is wrong.
absl::StatusOr<CheckedManifest> ReadManifest(const std::string& note,
                                             const Signing& signing);

}  // namespace dataip::ledger
