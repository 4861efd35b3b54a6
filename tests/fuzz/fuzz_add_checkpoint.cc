// What anybody may send to a witness, and what a witness may answer: what is
// taken is written the same again.
#include <cstdlib>

#include "core/base/limits.h"
#include "core/proof/add_checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto request = proof::ParseAddCheckpoint(text); request.ok()) {
    const std::string again = proof::FormatAddCheckpoint(
        request->old_size, request->path, proof::FormatNote(request->note));
    if (again != text) std::abort();
    if (request->path.size() > dataip::limits::kConsistencyLines) std::abort();
    const proof::Checkpoint& checkpoint = request->checkpoint;
    if (request->note.text.rfind(proof::FormatCheckpoint(checkpoint), 0) != 0) {
      std::abort();
    }
    proof::VerifyConsistency(request->old_size, checkpoint.size,
                             checkpoint.root, checkpoint.root, request->path);
  }
  if (const auto lines = proof::ParseSignatureLines(text); lines.ok()) {
    std::string again;
    for (const proof::SignatureLine& line : *lines) {
      again += proof::FormatSignatureLine(line);
    }
    if (again != text) std::abort();
  }
  if (const auto tlog_size = proof::ParseTlogSize(text)) {
    if (std::to_string(*tlog_size) + "\n" != text) std::abort();
  }
  return 0;
}
