// `dataip certificate`.
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/application_view.h"
#include "client/cli/batch.h"
#include "client/cli/certificate_download.h"
#include "client/cli/certificate_standing.h"
#include "client/cli/certificate_view.h"
#include "client/cli/commands.h"
#include "client/cli/input_files.h"
#include "client/cli/labels.h"
#include "client/in_flight.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "core/registry/values/canonical.h"
#include "dataip/bundle/v1/bundle.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

// Of the name in a list; `show` and -o json have all of it.
constexpr size_t kNameColumns = 24;

// As `certificate import` names it.
constexpr char kRecordKind[] = "record";

absl::StatusOr<int> RunList(Invocation& invocation) {
  v1::ListCertificatesRequest request;
  request.set_party(invocation.Text("--party"));
  if (invocation.Has("--status")) {
    ASSIGN_OR_RETURN(const v1::CertificateState state,
                     ParseCertificateState(invocation.Text("--status")));
    request.set_state(state);
  }
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  RETURN_IF_ERROR(CheckParty(*registry, request.party()));
  ASSIGN_OR_RETURN(const auto certificates,
                   registry->ListCertificates(request));
  Table table{{"证书编号", "登记号", "名称", "登记主体", "状态", "有效期"}, {}};
  std::vector<const google::protobuf::Message*> messages;
  for (const v1::CertificateSummary& line : certificates) {
    messages.push_back(&line);
    table.rows.push_back(
        {line.number(), line.registration_number(),
         ShortText(line.name(), kNameColumns),
         absl::StrJoin(line.holders(), "、"), LabelOf(line.state()),
         absl::StrCat(line.valid_from(), " 至 ", line.valid_to())});
  }
  invocation.PrintList(messages, table);
  return kExitOk;
}

std::string HolderLines(const v1::CertificateContent& content) {
  std::vector<std::string> lines;
  for (const v1::Holder& holder : content.holders()) {
    lines.push_back(absl::StrCat(
        holder.name().empty() ? holder.masked_name() : holder.name(), " ",
        holder.uscc(), " ", holder.party_number()));
  }
  return absl::StrJoin(lines, "\n");
}

// Each state that it has been in, the first one first.
std::string StatusLines(const v1::Certificate& certificate) {
  std::vector<std::string> lines;
  for (const std::string& bytes : certificate.status_records()) {
    const auto record = registry::ParseCanonical<v1::StatusRecord>(bytes);
    if (!record.ok()) continue;
    if (lines.empty() && record->version() > 1) {
      lines.push_back(absl::StrCat("（此前 ", record->version() - 1,
                                   " 条从略 / earlier ones left out）"));
    }
    lines.push_back(StatusText(*record));
  }
  return absl::StrJoin(lines, "\n");
}

// What it took the place of, what took its own, and what is open; leaves out
// what is empty.
void AppendLife(const v1::Certificate& certificate, Record& record) {
  const v1::CertificateContent& content = certificate.content();
  const std::pair<const char*, std::string> lines[] = {
      {"接替证书", content.replaces()},
      {"后继证书", certificate.status().replaced_by()},
      {"原编号", absl::StrJoin(content.legacy_numbers(), "\n")},
      {"未结撤销案", certificate.open_revocation()},
      {"未结请求", absl::StrJoin(certificate.open_requests(), "\n")},
      {"规则", certificate.profile().profile_id()},
      {"状态历史", StatusLines(certificate)}};
  for (const auto& [name, value] : lines) {
    if (!value.empty()) record.push_back({name, value});
  }
}

// What the clock owes by now is no state that waits.
absl::StatusOr<std::string> StandingOf(Invocation& invocation,
                                       RegistryClient& registry,
                                       const v1::Certificate& certificate) {
  const v1::CertificateState state = certificate.status().state();
  if (state != v1::VALID) return LabelOf(state);
  ASSIGN_OR_RETURN(const std::string today, RegistryToday(invocation));
  const std::string& valid_to = certificate.content().valid_to();
  if (!WaitsForRenewal(state, valid_to, today)) return LabelOf(state);
  ASSIGN_OR_RETURN(const auto now,
                   registry.GetStatusOn(certificate.number(), today));
  return StandingText(state,
                      WaitsForRenewal(now.status().state(), valid_to, today));
}

// An older system did not always know the bytes.
std::string SizeText(const v1::CertificateContent& content) {
  return absl::StrCat(content.record_count(), " 条，",
                      content.byte_size() == 0
                          ? std::string("字节数不详")
                          : absl::StrCat(content.byte_size(), " 字节"));
}

absl::StatusOr<int> RunShow(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto response,
                   registry->GetCertificate(invocation.words().front()));
  const v1::Certificate& certificate = response.certificate();
  const v1::CertificateContent& content = certificate.content();
  ASSIGN_OR_RETURN(const std::string standing,
                   StandingOf(invocation, *registry, certificate));
  ASSIGN_OR_RETURN(const std::string revoked,
                   RevocationLines(*registry, certificate));
  Record record = {
      {"证书编号", certificate.number()},
      {"登记号", content.registration_number()},
      {"名称", content.name()},
      {"登记主体", HolderLines(content)},
      {"行业",
       absl::StrCat(content.industry_code(), " ", content.industry_name())},
      {"地区", absl::StrCat(content.region_code(), " ", content.region_name())},
      {"数据规模", SizeText(content)},
      {"存证 SHA-256", HexOf(content.deposit().file_sha256())},
      {"存证 SM3", HexOf(content.deposit().file_sm3())},
      {"有效期",
       absl::StrCat(content.valid_from(), " 至 ", content.valid_to())},
      {"状态", standing},
      {"负担", OverlayText(certificate.status())},
      {"运用金额", FormatFen(certificate.realised_value_fen())},
      {"申请号", content.application_no()},
      {"账本序号", absl::StrCat(certificate.issue_index())}};
  if (!revoked.empty()) record.push_back({"撤销效力", revoked});
  AppendLife(certificate, record);
  if (content.demonstration()) {
    record.push_back({"演示", "是（演示登记，不具法律效力）"});
  }
  invocation.PrintMessage(response, record);
  const std::string record_file = invocation.Text("--record");
  if (record_file.empty()) return kExitOk;
  ASSIGN_OR_RETURN(
      const RegistryClient::File found,
      registry->Download({"", kRecordKind, 0, certificate.number()}));
  RETURN_IF_ERROR(WriteOutputFile(record_file, found.content));
  invocation.Say(absl::StrCat("已下载 (downloaded): ", record_file));
  return kExitOk;
}

// Bundles go to one file, or several of them into a folder.
std::string PathFor(const Invocation& invocation, const std::string& number,
                    bool several) {
  const std::string out = invocation.Text("--out");
  std::error_code error;
  const bool folder = several || std::filesystem::is_directory(out, error);
  return folder ? absl::StrCat(out, "/", number, ".bundle") : out;
}

absl::Status GetOne(Invocation& invocation, RegistryClient& registry,
                    const std::string& number, const std::string& path) {
  ASSIGN_OR_RETURN(const v1::GetBundleResponse response,
                   registry.GetBundle(number, invocation.Switch("--history")));
  if (invocation.HasTrust()) {
    ASSIGN_OR_RETURN(
        const auto bundle,
        registry::ParseCanonical<bundle::v1::Bundle>(response.bundle()));
    RETURN_IF_ERROR(invocation.KeepCheckpoint(bundle.checkpoint()));
  }
  return WriteOutputFile(path, response.bundle());
}

absl::StatusOr<int> RunGet(Invocation& invocation) {
  if (invocation.Has("--batch")) return DownloadBatch(invocation);
  if (invocation.Has("--party")) return DownloadOfParty(invocation);
  if (invocation.words().empty()) {
    return absl::InvalidArgumentError(
        "请给出证书编号、--batch 或 --party (name certificates, or --batch, or "
        "--party)");
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> numbers,
                   invocation.WordsOrStdin());
  const bool several = numbers.size() > 1 || invocation.words()[0] == "-";
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  if (several) {
    std::error_code error;
    std::filesystem::create_directories(invocation.Text("--out"), error);
  }
  std::vector<std::string> paths(numbers.size());
  std::vector<ExitCode> codes(numbers.size(), kExitNoServer);
  {
    Progress progress("certificate get", numbers.size());
    ForEachInFlight(numbers.size(), kCommandsInFlight, [&](size_t i) {
      const std::string path = PathFor(invocation, numbers[i], several);
      const absl::Status status =
          GetOne(invocation, *registry, numbers[i], path);
      codes[i] = ExitCodeOf(status);
      if (status.ok()) {
        paths[i] = path;
      } else {
        invocation.Report(numbers[i], status);
      }
      progress.Step();
      return codes[i] != kExitNoServer;
    });
  }
  Table table{{"证书编号", "文件"}, {}};
  std::vector<std::string> items;
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (paths[i].empty()) continue;
    table.rows.push_back({numbers[i], paths[i]});
    items.push_back(absl::StrCat("{\"number\":", JsonString(numbers[i]),
                                 ",\"file\":", JsonString(paths[i]), "}"));
  }
  if (invocation.json()) {
    invocation.Print(JsonArray(items) + "\n");
  } else if (!table.rows.empty()) {
    invocation.Print(FormatTable(table));
  }
  return CodeOfBatch(codes);
}

}  // namespace

std::vector<CommandSpec> CertificateCommands() {
  return {{.group = "certificate",
           .name = "list",
           .summary = "证书列表 Lists certificates",
           .flags = {{.name = "--party",
                      .value = "NUMBER|USCC",
                      .help = "only this holder's"},
                     {.name = "--status",
                      .value = "STATE",
                      .help = "only this state, e.g. valid"}},
           .examples = {"dataip certificate list --status valid"},
           .run = RunList},
          {.group = "certificate",
           .name = "show",
           .words = "NUMBER",
           .word_count = {1, 1},
           .summary = "查看证书 Shows a certificate by any of its numbers",
           .flags = {{.name = "--record",
                      .value = "FILE",
                      .help = "downloads the record of the older system that "
                              "an imported certificate was taken over from; "
                              "for its holders and officers"}},
           .examples = {"dataip certificate show 20240733000000001"},
           .run = RunShow},
          {.group = "certificate",
           .name = "get",
           .words = "[NUMBER...]",
           .word_count = {0, kAnyNumber},
           .summary = "下载证书 Downloads bundles that verify offline: those "
                      "named, those of a batch at one checkpoint, or all of a "
                      "holder; the latter two with manifest.json",
           .flags = {{.name = "--out",
                      .value = "FILE|DIR",
                      .help = "the bundle, or a folder for several",
                      .required = true},
                     {.name = "--batch",
                      .value = "B...",
                      .help = "all that this batch issued, with batch.proof, "
                              "which proves them together"},
                     {.name = "--party",
                      .value = "NUMBER|USCC",
                      .help = "all of this holder"},
                     {.name = "--history",
                      .help = "with every status record since issue"}},
           .examples = {"dataip certificate get 20240733000000001 --out "
                        "20240733000000001.bundle",
                        "dataip certificate get - --out certificates < "
                        "numbers.txt",
                        "dataip certificate get --batch B20240000001 --out "
                        "batch/",
                        "dataip certificate get --party P0000001 --out all/"},
           .run = RunGet}};
}

}  // namespace dataip::client
