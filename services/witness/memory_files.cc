#include "services/witness/memory_files.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/hex.h"
#include "core/crypto/cosigner.h"
#include "core/proof/note.h"

namespace dataip::witness {
namespace {

constexpr char kSchemaLine[] = "dataip-witness 1";

}  // namespace

std::string NameOf(std::string_view origin) {
  return base::HexEncode(hash::Sha256(hash::AsBytes(origin)).span());
}

std::string NothingYet(std::string_view origin) {
  return std::string(origin) + "\n0\n";
}

bool IsNothingYet(std::string_view content) {
  return content == NothingYet(content.substr(0, content.find('\n')));
}

std::optional<Seen> ParseSeen(std::string_view content, std::string_view origin,
                              const crypto::NoteVerifier& witness) {
  if (content == NothingYet(origin)) return Seen();
  const auto note = proof::ParseNote(content);
  if (!note.ok() || note->signatures.size() != 1) return std::nullopt;
  const auto checkpoint = proof::ParseForeignCheckpoint(note->text);
  if (!checkpoint.ok() || checkpoint->origin != origin) return std::nullopt;
  const auto time_s =
      crypto::VerifyCosignature(witness, note->text, note->signatures.front());
  if (!time_s.ok()) return std::nullopt;
  return Seen{checkpoint->size, checkpoint->root};
}

std::string FormatIndex(const Index& index) {
  std::string content = absl::StrCat(kSchemaLine, "\n", index.vkey, "\n");
  for (const std::string& origin : index.origins) {
    absl::StrAppend(&content, NameOf(origin), " ", origin, "\n");
  }
  return content;
}

std::optional<Index> ParseIndex(std::string_view content) {
  const std::vector<std::string> lines =
      absl::StrSplit(std::string(content), '\n');
  if (lines.size() < 3 || lines[0] != kSchemaLine || !lines.back().empty()) {
    return std::nullopt;
  }
  Index index;
  index.vkey = lines[1];
  for (size_t i = 2; i + 1 < lines.size(); ++i) {
    std::pair<std::string, std::string> parts =
        absl::StrSplit(lines[i], absl::MaxSplits(' ', 1));
    if (parts.first != NameOf(parts.second)) return std::nullopt;
    index.origins.push_back(std::move(parts.second));
  }
  return index;
}

}  // namespace dataip::witness
