// dataip-audit: replays an exported ledger, offline.
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/audit/audit.h"
#include "client/audit/export_files.h"
#include "client/export/regular_file.h"
#include "core/base/languages.h"
#include "core/base/limits.h"
#include "core/verify/trust.h"

namespace dataip::client {
namespace {

constexpr int kExitInternal = 1;
constexpr int kExitUsage = 2;
constexpr int kExitCannotDecide = 22;

constexpr char kHelp[] =
    R"(usage: dataip-audit DIR --trust TRUST.json [options]

Replays the exported ledger in DIR: every hash, the chain, the tree, the map,
the seals, every signature, and every command decided again. Needs no network.
重放导出的账本：逐条核对摘要、链、树、状态图、封印与签名，并重新作出每一决定。

  --trust FILE          the trust file (or DATAIP_TRUST)
  --hashes-only         payload digests, chain, tree and checkpoint signatures
  --since CHECKPOINT    an earlier checkpoint that this export must extend
  --seen THING...       receipts, bundles or checkpoints that must be on it
  --report FILE         also write the report as JSON to FILE
  -o table|json         how to print the report (table)
  --help, --version

Exit code: 0 clean, 20 broken (the report names the first entry and the rule),
22 a check could not be made (a file of --since or --seen that is newer than
the export, or is no statement that the ledger has signed), 2 usage, 1 the
report of --report cannot be written (what was printed stands), or standard
output cannot be and it would have been 0.

Examples:
  dataip-audit out/demo/ledger --trust out/demo/trust.json
  dataip-audit ledger --trust trust.json --since old/checkpoint -o json
  dataip-audit ledger --trust trust.json --seen out/demo/certificates/*.bundle
)";

struct Arguments {
  std::string dir;
  std::string trust;
  std::string report;
  std::vector<std::string> since;
  std::vector<std::string> seen;
  bool hashes_only = false;
  bool json = false;
  bool help = false;
  bool version = false;
};

int Usage(absl::string_view what) {
  std::fprintf(stderr, "dataip-audit: %.*s\n用法见/see: dataip-audit --help\n",
               static_cast<int>(what.size()), what.data());
  return kExitUsage;
}

// Takes `--name value` and `--name=value`.
class ArgumentReader {
 public:
  ArgumentReader(int count, char** words) {
    for (int i = 1; i < count; ++i) words_.emplace_back(words[i]);
  }

  bool done() const { return at_ >= words_.size(); }
  std::string Take() { return words_[at_++]; }
  bool NextIsValue() const {
    return !done() && (words_[at_].empty() || words_[at_][0] != '-');
  }

  bool TakeValue(const std::string& word, absl::string_view name,
                 std::string& value) {
    const std::string prefix = absl::StrCat(name, "=");
    if (word.rfind(prefix, 0) == 0) {
      value = word.substr(prefix.size());
      return true;
    }
    if (word != name || done()) return false;
    value = Take();
    return true;
  }

 private:
  std::vector<std::string> words_;
  size_t at_ = 0;
};

// One word with its values; an error text when it is none.
std::string TakeWord(ArgumentReader& reader, Arguments& arguments) {
  const std::string word = reader.Take();
  std::string value;
  if (word == "--help" || word == "-h") {
    arguments.help = true;
  } else if (word == "--version") {
    arguments.version = true;
  } else if (word == "--hashes-only") {
    arguments.hashes_only = true;
  } else if (reader.TakeValue(word, "--trust", value)) {
    arguments.trust = value;
  } else if (reader.TakeValue(word, "--report", value)) {
    arguments.report = value;
  } else if (reader.TakeValue(word, "--since", value)) {
    arguments.since.push_back(value);
  } else if (reader.TakeValue(word, "--seen", value)) {
    arguments.seen.push_back(value);
    while (reader.NextIsValue()) arguments.seen.push_back(reader.Take());
  } else if (reader.TakeValue(word, "-o", value)) {
    if (value != "json" && value != "table") return "-o: table | json";
    arguments.json = value == "json";
  } else if (word.empty() || word[0] == '-') {
    return absl::StrCat(word, ": 未知的选项或缺少值/unknown, or no value");
  } else if (arguments.dir.empty()) {
    arguments.dir = word;
  } else {
    return absl::StrCat(word, ": 多余的参数/one DIR only");
  }
  return "";
}

int CannotDecide(const Arguments& arguments, const absl::Status& status) {
  const std::string message(status.message());
  if (arguments.json) {
    verify::ReplayReport report;
    const base::Sentences sentences = base::SplitLanguages(message);
    report.undecided =
        verify::Finding{0, "file.missing", sentences.zh, sentences.en};
    std::fputs(FormatAuditJson(report).c_str(), stdout);
  }
  std::fprintf(stderr, "dataip-audit: 无法判定/cannot decide: %s\n",
               message.c_str());
  return kExitCannotDecide;
}

absl::StatusOr<std::vector<Statement>> ReadStatements(
    const std::vector<std::string>& paths) {
  std::vector<Statement> statements;
  for (const std::string& path : paths) {
    // Nothing that counts here is larger than a bundle.
    auto bytes = ReadNamedFile(path, limits::kBundleBytes);
    if (!bytes.ok()) return bytes.status();
    statements.push_back({path, *std::move(bytes)});
  }
  return statements;
}

bool WriteReport(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  const bool written =
      std::fwrite(text.data(), 1, text.size(), file) == text.size();
  return std::fclose(file) == 0 && written;
}

int RunAudit(const Arguments& arguments) {
  const auto trust_text = ReadNamedFile(arguments.trust, kSmallFileBytes);
  if (!trust_text.ok()) return CannotDecide(arguments, trust_text.status());
  const auto trust = verify::ParseTrust(*trust_text);
  if (!trust.ok()) {
    return CannotDecide(
        arguments,
        absl::Status(trust.status().code(),
                     absl::StrCat(arguments.trust,
                                  ": 不是可用的信任文件/not a trust file that "
                                  "can be used: ",
                                  trust.status().message())));
  }
  const auto files = OpenExportFolder(arguments.dir);
  if (!files.ok()) return CannotDecide(arguments, files.status());
  AuditOptions options;
  options.hashes_only = arguments.hashes_only;
  options.parallel_for = OnAllCores();
  auto since = ReadStatements(arguments.since);
  if (!since.ok()) return CannotDecide(arguments, since.status());
  options.since = *std::move(since);
  auto seen = ReadStatements(arguments.seen);
  if (!seen.ok()) return CannotDecide(arguments, seen.status());
  options.seen = *std::move(seen);
  const verify::ReplayReport report = Audit(*files, *trust, options);
  const std::string json = FormatAuditJson(report);
  std::fputs(arguments.json ? json.c_str() : FormatAudit(report).c_str(),
             stdout);
  if (!arguments.report.empty() && !WriteReport(arguments.report, json)) {
    std::fprintf(stderr,
                 "dataip-audit: 无法写入，结论见上/cannot write the report, "
                 "what was printed stands: %s\n",
                 arguments.report.c_str());
    return kExitInternal;
  }
  return report.ExitCode();
}

// On whichever thread. Nothing was printed yet, and no verdict is lost.
[[noreturn]] void OutOfMemory() {
  std::fputs(
      "dataip-audit: 无法判定：内存不足/cannot decide: not enough memory\n",
      stderr);
  std::_Exit(kExitCannotDecide);
}

int RunCommandLine(int count, char** words) {
  ArgumentReader reader(count, words);
  Arguments arguments;
  if (const char* trust = std::getenv("DATAIP_TRUST"); trust != nullptr) {
    arguments.trust = trust;
  }
  while (!reader.done()) {
    const std::string wrong = TakeWord(reader, arguments);
    if (!wrong.empty()) return Usage(wrong);
  }
  if (arguments.help) {
    std::fputs(kHelp, stdout);
    return 0;
  }
  if (arguments.version) {
    std::puts("dataip-audit " DATAIP_VERSION);
    return 0;
  }
  if (arguments.dir.empty()) return Usage("DIR: 缺少导出目录/missing");
  if (arguments.trust.empty()) return Usage("--trust: 缺少/missing");
  return RunAudit(arguments);
}

// A report that nobody could read is no clean audit.
int Main(int count, char** words) {
  std::set_new_handler(OutOfMemory);
  const int code = RunCommandLine(count, words);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  std::fputs(
      "dataip-audit: 无法写标准输出，报告不完整/cannot write to standard "
      "output, the report is not whole\n",
      stderr);
  return code == 0 ? kExitInternal : code;
}

}  // namespace
}  // namespace dataip::client

int main(int argc, char** argv) { return dataip::client::Main(argc, argv); }
