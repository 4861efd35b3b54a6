#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "tests/conformance/cases.h"

namespace dataip::conformance {
namespace {

using Runner = absl::Status (*)(const Json&, Tally&);

struct Kind {
  absl::string_view name;
  Runner run;
};

constexpr Kind kKinds[] = {
    {"ledger", RunLedger},
    {"map", RunMap},
    {"reject_header", RunRejectHeader},
    {"command", RunCommand},
    {"certificate", RunCertificate},
    {"bundle", RunBundle},
    {"opening", RunOpening},
    {"deposit", RunDeposit},
    {"refused_protobuf", RunRefusedProtobuf},
};

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError("cannot be read");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

absl::Status Tally::Same(absl::string_view what, absl::string_view expected,
                         absl::string_view got) {
  ++comparisons_;
  if (expected == got) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(case_, ": ", what, "\n  expected ",
                                          expected, "\n  got      ", got));
}

absl::Status Tally::SameBytes(absl::string_view what,
                              absl::string_view expected,
                              absl::string_view got) {
  const auto hex = [](absl::string_view bytes) {
    return base::HexEncode(hash::AsBytes({bytes.data(), bytes.size()}));
  };
  return Same(what, hex(expected), hex(got));
}

absl::Status Tally::SameHash(absl::string_view what, const hash::Hash& expected,
                             const hash::Hash& got) {
  return Same(what, base::HexEncode(expected.span()),
              base::HexEncode(got.span()));
}

absl::Status Tally::SameNumber(absl::string_view what, uint64_t expected,
                               uint64_t got) {
  return Same(what, absl::StrCat(expected), absl::StrCat(got));
}

absl::Status Tally::Holds(absl::string_view what, bool holds) {
  return Same(what, "true", holds ? "true" : "false");
}

absl::Status RunFile(const std::string& path, Tally& tally) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  ASSIGN_OR_RETURN(const Json file, Json::Parse(text));
  ASSIGN_OR_RETURN(const std::string kind, file.Text("kind"));
  for (const Kind& known : kKinds) {
    if (known.name != kind) continue;
    const size_t before = tally.comparisons();
    RETURN_IF_ERROR(known.run(file, tally));
    if (tally.comparisons() == before) {
      return absl::InvalidArgumentError("vector file: holds no case");
    }
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("vector file: unknown kind ", kind));
}

}  // namespace dataip::conformance
