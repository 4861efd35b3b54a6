#include "client/cli/certificate_download.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/batch_proof.h"
#include "client/cli/batch.h"
#include "client/cli/input_files.h"
#include "client/export/durable_file.h"
#include "client/in_flight.h"
#include "client/registry_client.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/registry/values/canonical.h"
#include "dataip/bundle/v1/bundle.pb.h"
#include "dataip/registry/v1/certificate.pb.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using Clock = std::chrono::steady_clock;

constexpr char kProofFile[] = "batch.proof";
constexpr char kManifestFile[] = "manifest.json";
// How long the certificates of a batch may take to be at one checkpoint.
constexpr std::chrono::seconds kAgreePatience{60};

// A bundle with what the manifest says of it.
struct Fetched {
  std::string number;
  absl::StatusOr<std::string> bytes =
      absl::CancelledError("未处理 (not reached)");
  std::string checkpoint;
  std::string origin;
  v1::CertificateContent content;
};

absl::Status Fetch(RegistryClient& registry, bool history, Fetched& one) {
  const auto response = registry.GetBundle(one.number, history);
  if (!response.ok()) {
    one.bytes = response.status();
    return response.status();
  }
  const auto bundle =
      registry::ParseCanonical<bundle::v1::Bundle>(response->bundle());
  if (!bundle.ok() || !one.content.ParseFromString(bundle->content())) {
    one.bytes = absl::DataLossError(
        "服务器发来的凭证包不成形 (the server sent no bundle)");
    return one.bytes.status();
  }
  one.checkpoint = bundle->checkpoint();
  one.origin = bundle->origin();
  one.bytes = response->bundle();
  return absl::OkStatus();
}

// Those at `which`, 16 in flight.
void FetchEach(Invocation& invocation, RegistryClient& registry,
               std::vector<Fetched>& all, const std::vector<size_t>& which) {
  Progress progress(invocation.command().FullName(), which.size());
  ForEachInFlight(which.size(), kCommandsInFlight, [&](size_t i) {
    const absl::Status status =
        Fetch(registry, invocation.Switch("--history"), all[which[i]]);
    progress.Step();
    return ExitCodeOf(status) != kExitNoServer;
  });
}

std::vector<size_t> AllOf(const std::vector<Fetched>& all) {
  std::vector<size_t> which(all.size());
  for (size_t i = 0; i < which.size(); ++i) which[i] = i;
  return which;
}

// Those whose checkpoint is not the newest of all.
std::vector<size_t> Behind(const std::vector<Fetched>& all) {
  const auto newest = std::max_element(
      all.begin(), all.end(), [](const Fetched& a, const Fetched& b) {
        return CheckpointSize(a.checkpoint) < CheckpointSize(b.checkpoint);
      });
  std::vector<size_t> behind;
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].checkpoint != newest->checkpoint) behind.push_back(i);
  }
  return behind;
}

absl::Status FirstError(const std::vector<Fetched>& all) {
  for (const Fetched& one : all) RETURN_IF_ERROR(one.bytes.status());
  return absl::OkStatus();
}

// A checkpoint may come while they are fetched: those before it are fetched
// again.
absl::Status FetchAtOneCheckpoint(Invocation& invocation,
                                  RegistryClient& registry,
                                  std::vector<Fetched>& all) {
  const auto until = Clock::now() + kAgreePatience;
  std::vector<size_t> which = AllOf(all);
  while (!which.empty()) {
    FetchEach(invocation, registry, all, which);
    RETURN_IF_ERROR(FirstError(all));
    which = Behind(all);
    if (!which.empty() && Clock::now() > until) {
      return absl::UnavailableError(
          "登记簿正忙，各证书未能处于同一检查点，请稍后再取 (the ledger is too "
          "busy for all certificates to be at one checkpoint; try again "
          "later)");
    }
  }
  return absl::OkStatus();
}

std::string Hex(const hash::Hash& hash) {
  return HexOf(std::string(hash.text()));
}

// Names of files are made of certificate numbers: digits, as the bundle says.
std::string FileOf(const Fetched& one) { return one.number + ".bundle"; }

bool IsPlain(const std::string& number) {
  return !number.empty() &&
         std::all_of(number.begin(), number.end(), [](unsigned char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-';
         });
}

std::string ManifestLine(const Fetched& one) {
  const Bytes bytes = hash::AsBytes(*one.bytes);
  return absl::StrCat(
      "    {\"certificate_number\": ", JsonString(one.number),
      ", \"registration_number\": ",
      JsonString(one.content.registration_number()),
      ", \"application_no\": ", JsonString(one.content.application_no()),
      ", \"name\": ", JsonString(one.content.name()),
      ", \"file\": ", JsonString(FileOf(one)),
      ", \"byte_size\": ", bytes.size(),
      ", \"checkpoint_size\": ", CheckpointSize(one.checkpoint),
      ", \"sha256\": \"", Hex(hash::Sha256(bytes)), "\", \"sm3\": \"",
      Hex(hash::Sm3(bytes)), "\"}");
}

// `head`: fields of the whole, each with its comma.
std::string Manifest(const std::string& head,
                     const std::vector<const Fetched*>& all) {
  std::string text =
      absl::StrCat("{\n  \"format\": 1,\n", head, "  \"certificates\": [\n");
  for (size_t i = 0; i < all.size(); ++i) {
    absl::StrAppend(&text, ManifestLine(*all[i]),
                    i + 1 < all.size() ? ",\n" : "\n");
  }
  return text + "  ]\n}\n";
}

std::string Field(const char* name, const std::string& value) {
  return absl::StrCat("  \"", name, "\": ", JsonString(value), ",\n");
}

absl::Status WriteBundles(const std::string& folder,
                          const std::vector<const Fetched*>& all) {
  RETURN_IF_ERROR(MakeFolderDurably(folder));
  for (const Fetched* one : all) {
    if (!IsPlain(one->number)) {
      return absl::DataLossError("证书编号不成形 (a number is none)");
    }
    RETURN_IF_ERROR(
        WriteOutputFile(absl::StrCat(folder, "/", FileOf(*one)), *one->bytes));
  }
  return absl::OkStatus();
}

void PrintFiles(Invocation& invocation, const std::string& manifest,
                const std::vector<const Fetched*>& all) {
  if (invocation.json()) return invocation.Print(manifest);
  Table table{{"证书编号", "名称", "文件"}, {}};
  for (const Fetched* one : all) {
    table.rows.push_back(
        {one->number, one->content.name(),
         absl::StrCat(invocation.Text("--out"), "/", FileOf(*one))});
  }
  if (!table.rows.empty()) invocation.Print(FormatTable(table));
}

std::vector<Fetched> ToFetch(std::vector<std::string> numbers) {
  std::sort(numbers.begin(), numbers.end());
  std::vector<Fetched> all(numbers.size());
  for (size_t i = 0; i < all.size(); ++i) all[i].number = numbers[i];
  return all;
}

// When there is one to check it with.
absl::Status Keep(Invocation& invocation, const std::string& checkpoint) {
  return invocation.HasTrust() ? invocation.KeepCheckpoint(checkpoint)
                               : absl::OkStatus();
}

}  // namespace

absl::StatusOr<int> DownloadBatch(Invocation& invocation) {
  if (!invocation.words().empty() || invocation.Has("--party")) {
    return absl::InvalidArgumentError(
        "--batch 不与证书编号、--party 同用 (--batch stands without numbers "
        "and without --party)");
  }
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto batch,
                   registry->GetBatch(invocation.Text("--batch")));
  if (batch.certificate_numbers().empty()) {
    return absl::NotFoundError(
        absl::StrCat("批次 ", batch.batch_no(), " 未核发证书 (the batch ",
                     batch.batch_no(), " issued no certificate)"));
  }
  std::vector<Fetched> all = ToFetch(
      {batch.certificate_numbers().begin(), batch.certificate_numbers().end()});
  RETURN_IF_ERROR(FetchAtOneCheckpoint(invocation, *registry, all));
  RETURN_IF_ERROR(Keep(invocation, all.front().checkpoint));
  std::vector<std::string> bundles;
  std::vector<const Fetched*> each;
  for (const Fetched& one : all) {
    bundles.push_back(*one.bytes);
    each.push_back(&one);
  }
  ASSIGN_OR_RETURN(const std::string proof, JoinBundles(bundles));
  const std::string folder = invocation.Text("--out");
  RETURN_IF_ERROR(WriteBundles(folder, each));
  RETURN_IF_ERROR(
      WriteOutputFile(absl::StrCat(folder, "/", kProofFile), proof));
  const std::string manifest = Manifest(
      absl::StrCat(
          Field("batch_no", batch.batch_no()),
          Field("origin", all.front().origin),
          "  \"index\": ", batch.receipt().index(),
          ",\n  \"checkpoint_size\": ", CheckpointSize(all.front().checkpoint),
          ",\n", Field("proof_file", kProofFile),
          "  \"proof_byte_size\": ", proof.size(), ",\n",
          Field("proof_sha256", Hex(hash::Sha256(hash::AsBytes(proof))))),
      each);
  RETURN_IF_ERROR(
      WriteOutputFile(absl::StrCat(folder, "/", kManifestFile), manifest));
  PrintFiles(invocation, manifest, each);
  invocation.Say(
      absl::StrCat("可离线核验 (verify without a server): dataip "
                   "verify ",
                   folder, "/", kProofFile, " --trust TRUST.json"));
  return kExitOk;
}

absl::StatusOr<int> DownloadOfParty(Invocation& invocation) {
  if (!invocation.words().empty()) {
    return absl::InvalidArgumentError(
        "--party 不与证书编号同用 (--party stands without numbers)");
  }
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto party,
                   registry->GetParty(invocation.Text("--party")));
  const std::string& party_number = party.party().party_number();
  v1::ListCertificatesRequest request;
  request.set_party(party_number);
  ASSIGN_OR_RETURN(const auto list, registry->ListCertificates(request));
  std::vector<std::string> numbers;
  for (const auto& line : list) numbers.push_back(line.number());
  std::vector<Fetched> all = ToFetch(std::move(numbers));
  FetchEach(invocation, *registry, all, AllOf(all));
  std::vector<const Fetched*> each;
  std::vector<ExitCode> codes;
  for (const Fetched& one : all) {
    absl::Status status = one.bytes.status();
    if (status.ok()) status = Keep(invocation, one.checkpoint);
    codes.push_back(absl::IsCancelled(status) ? kExitNoServer
                                              : ExitCodeOf(status));
    if (status.ok()) {
      each.push_back(&one);
    } else {
      invocation.Report(one.number, status);
    }
  }
  const std::string folder = invocation.Text("--out");
  RETURN_IF_ERROR(WriteBundles(folder, each));
  const std::string manifest = Manifest(
      absl::StrCat(Field("party", party_number),
                   Field("origin", each.empty() ? "" : each.front()->origin)),
      each);
  RETURN_IF_ERROR(
      WriteOutputFile(absl::StrCat(folder, "/", kManifestFile), manifest));
  PrintFiles(invocation, manifest, each);
  return CodeOfBatch(codes);
}

}  // namespace dataip::client
