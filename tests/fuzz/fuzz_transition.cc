// A transition that somebody without keys appends to a kept ledger: whatever
// its bytes, the replay neither crashes nor takes it.
#include <cstdlib>
#include <string>
#include <vector>

#include "client/audit/export_files.h"
#include "client/export/export_layout.h"
#include "client/export/regular_file.h"
#include "core/crypto/verify.h"
#include "core/proof/header.h"
#include "core/proof/note.h"
#include "core/registry/evolve.h"
#include "core/verify/prepared.h"
#include "core/verify/transition_check.h"

namespace dataip {
namespace {

constexpr char kLedger[] = DATAIP_SOURCE_DIR "/tests/conformance/ledgers/1";

struct Kept {
  verify::Trust trust;
  registry::State state;
  verify::KeyRing ring;
  proof::EntryHeader last;
};

void Fold(const verify::ReplayEntry& entry, Kept& kept) {
  const verify::Prepared prepared = verify::Prepare(entry, false);
  kept.last = *prepared.header;
  if (!prepared.command.has_value()) return;
  verify::CollectKeys(*prepared.command, kept.ring);
  registry::Fold(kept.state, *prepared.command, prepared.command_sha256,
                 prepared.transition->context(), prepared.transition->events());
}

const Kept& KeptLedger() {
  static const Kept kept = [] {
    const std::string folder = kLedger;
    Kept out;
    out.trust = *verify::ParseTrust(*client::ReadNamedFile(
        folder + "/trust.json", client::kSmallFileBytes));
    out.state.origin = out.trust.origin;
    const auto files = *client::OpenExportFolder(folder + "/ledger");
    const auto note = proof::ParseNote(*files.read("checkpoint"));
    const uint64_t size = proof::ParseCheckpoint(note->text)->size;
    for (const client::Piece& piece : client::PiecesOf(size)) {
      const std::string headers = *files.read(client::EntriesPath(piece));
      const std::string payloads = *files.read(client::PayloadPath(piece));
      const auto entries = *client::ReadPiece({headers, payloads, piece.width});
      for (const verify::ReplayEntry& entry : entries) Fold(entry, out);
    }
    return out;
  }();
  return kept;
}

bool Takes(const verify::Prepared& prepared) {
  const Kept& kept = KeptLedger();
  verify::SignatureAnswers answers;
  std::vector<verify::SignatureToVerify> list;
  verify::ListSignatures(prepared, kept.trust.origin, kept.ring, answers, list);
  for (const verify::SignatureToVerify& one : list) {
    if (!crypto::Verify(one.key, hash::AsBytes(one.message),
                        hash::AsBytes(one.signature))) {
      *one.answer = false;
    }
  }
  registry::State state = kept.state;
  return !verify::CheckTransition({prepared, answers, kept.trust}, state,
                                  [](const std::string&) {})
              .has_value();
}

}  // namespace
}  // namespace dataip

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip;
  proof::EntryHeader header = KeptLedger().last;
  ++header.index;
  header.type = std::string(proof::kTransitionType);
  header.stream = "clock";
  header.payload_size = size;
  header.payload_sha256 = hash::Sha256({bytes, size});
  header.payload_sm3 = hash::Sm3({bytes, size});
  verify::ReplayEntry entry;
  entry.header = *proof::EncodeHeader(header);
  entry.payload.assign(bytes, bytes + size);
  const verify::Prepared prepared = verify::Prepare(entry, false);
  if (prepared.command.has_value() && Takes(prepared)) std::abort();
  return 0;
}
