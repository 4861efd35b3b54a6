// `dataip profile`: rule profiles as they are loaded, in force, and beside each
// other.
#include "core/registry/tables/profile.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/commands.h"
#include "client/cli/input_files.h"
#include "client/cli/table_loading.h"
#include "client/registry_client.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using registry::Profile;
using registry::ProfileValue;

constexpr char kRootActor[] = "root";
constexpr char kOtherJurisdiction[] = "--other-jurisdiction";
constexpr absl::string_view kCsv = ".csv";
constexpr absl::string_view kFilePrefix = "profile_";

std::string ConfidenceZh(const std::string& confidence) {
  if (confidence == "SOURCED") return "有原文";
  if (confidence == "WEAK") return "出处较弱";
  if (confidence == "RECALLED") return "凭记忆";
  if (confidence == "ASSUMED") return "推定";
  if (confidence == "LOCAL_DECISION") return "本地决定";
  return confidence;
}

// `working_days` and so on, as they are said.
std::string UnitZh(const std::string& unit) {
  if (unit == "working_days") return "工作日";
  if (unit == "days") return "日";
  if (unit == "months") return "个月";
  if (unit == "years") return "年";
  if (unit == "hours") return "小时";
  if (unit == "per_mille") return "‰";
  if (unit == "characters") return "字";
  if (unit == "same_as") return "同此项";
  return "";
}

std::string ValueText(const ProfileValue& value) {
  const std::string unit = UnitZh(value.unit);
  return unit.empty() ? value.value : absl::StrCat(value.value, " ", unit);
}

// A name that ends with .csv is a file; else the registry is asked.
absl::StatusOr<Profile> ReadProfile(Invocation& invocation,
                                    const std::string& name,
                                    const std::string& digest) {
  std::string content;
  if (absl::EndsWith(name, kCsv)) {
    ASSIGN_OR_RETURN(content, ReadInputFile(name, limits::kTableBytes));
  } else {
    ASSIGN_OR_RETURN(
        const auto table,
        ReadTable(invocation, absl::StrCat(kProfileTables, name), digest));
    content = table.content();
  }
  auto profile = Profile::Parse(content);
  if (profile.ok()) return profile;
  return absl::InvalidArgumentError(
      absl::StrCat("规则表 ", name,
                   " 有误 (the table is wrong): ", profile.status().message()));
}

std::string ValueJson(const ProfileValue& value) {
  return absl::StrCat("{\"value\":", JsonString(value.value),
                      ",\"unit\":", JsonString(value.unit),
                      ",\"clause\":", JsonString(value.clause),
                      ",\"confidence\":", JsonString(value.confidence), "}");
}

// `current_from` is the first day of the one that new cases take.
std::string ForceText(const v1::ProfileInForce& line,
                      const std::string& current_from) {
  if (line.current()) return "新案适用";
  return line.effective_from() > current_from ? "已公布，待生效" : "旧案适用";
}

absl::StatusOr<int> RunList(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const v1::GetProfilesResponse response,
                   registry->GetProfiles());
  Table table{{"规则", "SHA-256", "生效自", "状态"}, {}};
  std::set<std::string> in_force;
  std::string current_from;
  for (const v1::ProfileInForce& line : response.in_force()) {
    if (line.current()) current_from = line.effective_from();
  }
  for (const v1::ProfileInForce& line : response.in_force()) {
    in_force.insert(line.profile().sha256());
    table.rows.push_back(
        {line.profile().profile_id(), HexOf(line.profile().sha256()),
         line.effective_from().empty() ? "开立之日" : line.effective_from(),
         ForceText(line, current_from)});
  }
  for (const v1::ProfileRef& loaded : response.loaded()) {
    if (in_force.count(loaded.sha256()) > 0) continue;
    table.rows.push_back(
        {loaded.profile_id(), HexOf(loaded.sha256()), "", "已载入，未生效"});
  }
  if (invocation.json()) {
    invocation.PrintMessage(response, {});
  } else {
    invocation.Print(FormatTable(table));
  }
  return kExitOk;
}

absl::StatusOr<int> RunShow(Invocation& invocation) {
  ASSIGN_OR_RETURN(const Profile profile,
                   ReadProfile(invocation, invocation.words().front(),
                               invocation.Text("--digest")));
  Table table{{"键", "值", "条款", "把握"}, {}};
  std::vector<std::string> items;
  for (const auto& [key, value] : profile.values()) {
    table.rows.push_back(
        {key, ValueText(value), value.clause, ConfidenceZh(value.confidence)});
    items.push_back(absl::StrCat(JsonString(key), ":", ValueJson(value)));
  }
  if (invocation.json()) {
    invocation.Print(absl::StrCat("{", absl::StrJoin(items, ","), "}\n"));
  } else {
    invocation.Print(FormatTable(table));
  }
  return kExitOk;
}

bool Differ(const ProfileValue* a, const ProfileValue* b, bool clauses) {
  if (a == nullptr || b == nullptr) return a != b;
  if (a->value != b->value || a->unit != b->unit) return true;
  return clauses && (a->clause != b->clause || a->confidence != b->confidence);
}

std::string SideText(const ProfileValue* value, bool clauses) {
  if (value == nullptr) return "（无）";
  if (!clauses) return ValueText(*value);
  return absl::StrCat(ValueText(*value), "（", value->clause, "，",
                      ConfidenceZh(value->confidence), "）");
}

absl::StatusOr<int> RunDiff(Invocation& invocation) {
  const auto& words = invocation.words();
  ASSIGN_OR_RETURN(const Profile left, ReadProfile(invocation, words[0], ""));
  ASSIGN_OR_RETURN(const Profile right, ReadProfile(invocation, words[1], ""));
  std::set<std::string> keys;
  for (const auto& [key, value] : left.values()) keys.insert(key);
  for (const auto& [key, value] : right.values()) keys.insert(key);
  const auto find = [](const Profile& profile, const std::string& key) {
    const auto found = profile.values().find(key);
    return found == profile.values().end() ? nullptr : &found->second;
  };
  const bool clauses = invocation.Switch("--clauses");
  Table table{{"键", words[0], words[1]}, {}};
  std::vector<std::string> items;
  for (const std::string& key : keys) {
    const ProfileValue* a = find(left, key);
    const ProfileValue* b = find(right, key);
    if (!Differ(a, b, clauses)) continue;
    table.rows.push_back({key, SideText(a, clauses), SideText(b, clauses)});
    items.push_back(absl::StrCat(
        "{\"key\":", JsonString(key),
        ",\"left\":", a == nullptr ? "null" : ValueJson(*a),
        ",\"right\":", b == nullptr ? "null" : ValueJson(*b), "}"));
  }
  if (invocation.json()) {
    invocation.Print(JsonArray(items) + "\n");
    return kExitOk;
  }
  invocation.Print(FormatTable(table));
  invocation.Say(absl::StrCat(table.rows.size(), " 项不同，共 ", keys.size(),
                              " 项 / ", table.rows.size(), " of ", keys.size(),
                              " values differ"));
  return kExitOk;
}

// `ZJ-2023` of `deploy/tables/profile_ZJ-2023.csv`.
absl::StatusOr<std::string> IdOf(const Invocation& invocation,
                                 const std::string& path) {
  if (invocation.Has("--id")) return invocation.Text("--id");
  const size_t slash = path.rfind('/');
  absl::string_view name(path);
  if (slash != std::string::npos) name.remove_prefix(slash + 1);
  if (absl::StartsWith(name, kFilePrefix) && absl::EndsWith(name, kCsv) &&
      name.size() > kFilePrefix.size() + kCsv.size()) {
    name.remove_prefix(kFilePrefix.size());
    name.remove_suffix(kCsv.size());
    return std::string(name);
  }
  return absl::InvalidArgumentError(
      "文件名不是 profile_<ID>.csv，请以 --id 指明规则编号 (the file is not "
      "called profile_<ID>.csv; name the profile by --id)");
}

absl::StatusOr<int> RunLoad(Invocation& invocation) {
  const std::string& path = invocation.words().front();
  ASSIGN_OR_RETURN(const std::string id, IdOf(invocation, path));
  const std::string name = absl::StrCat(kProfileTables, id);
  ASSIGN_OR_RETURN(const auto response,
                   LoadTable(invocation, {name, path}, std::nullopt));
  invocation.PrintMessage(response, LoadedRecord(name, response));
  if (!invocation.json()) {
    invocation.Say(
        "已载入，尚未生效；以 profile adopt 公布生效日期 / loaded, not in "
        "force: `profile adopt` names the day");
  }
  return kExitOk;
}

bool OfOneProvince(absl::string_view code, absl::string_view jurisdiction) {
  constexpr size_t kProvince = 2;
  if (code.size() < kProvince || jurisdiction.size() < kProvince) return true;
  return code.substr(0, kProvince) == jurisdiction.substr(0, kProvince);
}

// Its numbers would name another province's office. A profile says where it is
// of by the code of the office, which begins as GB/T 2260 does.
absl::Status CheckJurisdiction(Invocation& invocation,
                               const std::string& content) {
  if (invocation.Switch(kOtherJurisdiction)) return absl::OkStatus();
  const auto profile = Profile::Parse(content);
  if (!profile.ok()) return absl::OkStatus();  // for the registry to refuse
  const auto code = profile->Text(registry::kRegistryCode);
  if (!code.ok()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto* const info, invocation.RegistryInfo());
  const std::string& here = info->registry().jurisdiction();
  if (OfOneProvince(*code, here)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "规则的登记机构代码为 ", *code, "，而本登记机构的地区为 ", here,
      "，似为另一地区的规则；确要采用，请加 ", kOtherJurisdiction,
      " (the profile is of the office ", *code,
      ", this registry's jurisdiction is ", here,
      "; it looks like the rules of another place: if they are meant, add ",
      kOtherJurisdiction, ")"));
}

absl::StatusOr<int> RunAdopt(Invocation& invocation) {
  const std::string& id = invocation.words().front();
  ASSIGN_OR_RETURN(const auto keys, invocation.Keys(1, 1));
  RETURN_IF_ERROR(CheckRootKey(invocation, keys.front()));
  ASSIGN_OR_RETURN(const auto table,
                   ReadTable(invocation, absl::StrCat(kProfileTables, id), ""));
  RETURN_IF_ERROR(CheckJurisdiction(invocation, table.content()));
  ASSIGN_OR_RETURN(v1::Command command, invocation.NewCommand(kRootActor));
  v1::AdoptProfile& body = *command.mutable_adopt_profile();
  body.mutable_profile()->set_profile_id(id);
  body.mutable_profile()->set_sha256(table.sha256());
  body.set_effective_from(invocation.Text("--from"));
  body.set_legal_basis(invocation.Text("--basis"));
  ASSIGN_OR_RETURN(const auto response, invocation.Submit(command, keys));
  Record record = {{"规则", id},
                   {"SHA-256", HexOf(table.sha256())},
                   {"生效自", invocation.Text("--from")},
                   {"法律依据", invocation.Text("--basis")}};
  for (const auto& line : ReceiptRecord(response)) record.push_back(line);
  invocation.PrintMessage(response, record);
  return kExitOk;
}

CommandSpec DiffSpec() {
  return {.group = "profile",
          .name = "diff",
          .words = "ID|FILE.csv ID|FILE.csv",
          .word_count = {2, 2},
          .summary =
              "比较规则 Shows where two profiles differ; asks no server "
              "for files",
          .flags = {{.name = "--clauses",
                     .help = "also where only the clause or its certainty "
                             "differs"}},
          .examples = {"dataip profile diff ZJ-2023 BJ-2023",
                       "dataip profile diff ZJ-2023 "
                       "deploy/tables/profile_BJ-2023.csv"},
          .run = RunDiff};
}

CommandSpec AdoptSpec() {
  return {.group = "profile",
          .name = "adopt",
          .words = "ID",
          .word_count = {1, 1},
          .summary =
              "公布规则生效 Brings a loaded profile into force on a "
              "later day, signed by root; cases under way keep theirs",
          .flags = {{.name = "--from",
                     .value = "DAY",
                     .help = "first day, YYYY-MM-DD, after today",
                     .required = true},
                    {.name = "--basis",
                     .value = "TEXT",
                     .help = "the act that changes it",
                     .required = true},
                    {.name = kOtherJurisdiction,
                     .help = "though its office is of another province than "
                             "the registry"}},
          .examples = {"dataip profile adopt ZJ-2026 --from 2026-07-01 --basis "
                       "浙市监知〔2026〕1号 --key root.pem"},
          .run = RunAdopt};
}

}  // namespace

std::vector<CommandSpec> ProfileCommands() {
  return {
      {.group = "profile",
       .name = "list",
       .summary = "规则列表 Lists the profiles: in force from when, loaded",
       .examples = {"dataip profile list"},
       .run = RunList},
      {.group = "profile",
       .name = "show",
       .words = "ID|FILE.csv",
       .word_count = {1, 1},
       .summary = "查看规则 Shows deadlines, terms, grounds and lists, each "
                  "with its clause and how sure it is",
       .flags = {{.name = "--digest",
                  .value = "SHA256",
                  .help = "this version of it instead of the newest"}},
       .examples = {"dataip profile show ZJ-2023"},
       .run = RunShow},
      DiffSpec(),
      {.group = "profile",
       .name = "load",
       .words = "FILE.csv",
       .word_count = {1, 1},
       .summary = "载入规则 Loads a profile, signed by root; it is not in "
                  "force by that",
       .flags = {{.name = "--id",
                  .value = "ID",
                  .help = "of the profile, where the file is not called "
                          "profile_<ID>.csv"}},
       .examples = {"dataip profile load "
                    "deploy/tables/profile_BJ-2023.csv --key root.pem"},
       .run = RunLoad},
      AdoptSpec()};
}

}  // namespace dataip::client
