// What a log asks a witness: the request of C2SP tlog-witness, and the one
// answer that is not signature lines. Bytes only; safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/limits.h"
#include "core/proof/flaw.h"
#include "core/proof/note.h"
#include "core/proof/tree.h"

namespace dataip::proof {

// "The checkpoint follows the one of `old_size`, which you saw last."
struct AddCheckpoint {
  uint64_t old_size = 0;  // 0: never saw one
  Path path;              // consistency, empty when there is nothing to prove
  SignedNote note;
  Checkpoint checkpoint;  // what the note's text says
};

// The body: the line `old N`, at most limits::kConsistencyLines lines of a hash
// each, an empty line, the note as it is.
std::string FormatAddCheckpoint(uint64_t old_size, const Path& path,
                                std::string_view note);

// Any log's checkpoint (ParseForeignCheckpoint), signature lines up to
// limits::kForeignSignatureLineBytes. That sizes, proof and signatures fit
// together is for the witness to check.
Parsed<AddCheckpoint> ParseAddCheckpoint(std::string_view body);

// Of a body of type text/x.tlog.size: a size in decimal and LF.
std::optional<uint64_t> ParseTlogSize(std::string_view body);

}  // namespace dataip::proof
