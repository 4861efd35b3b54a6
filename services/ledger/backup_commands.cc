#include "services/ledger/backup_commands.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "client/channel.h"
#include "client/ledger_client.h"
#include "client/status.h"
#include "core/base/status_macros.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/common/error.h"
#include "services/ledger/backup.h"
#include "services/ledger/backup_files.h"
#include "services/ledger/backup_restore.h"
#include "services/ledger/self_check.h"

namespace dataip::ledger {
namespace {

using services::Config;
using services::SettingKind;
using services::SettingRule;

constexpr char kUsage[] =
    "dataip-ledger backup create | list | verify [ID] | restore ID DIR "
    "[--rehearse], with --config FILE";
constexpr char kHelp[] =
    "Usage: dataip-ledger backup create         --config FILE\n"
    "       dataip-ledger backup list           --config FILE\n"
    "       dataip-ledger backup verify [ID]    --config FILE\n"
    "       dataip-ledger backup restore ID DIR --config FILE [--rehearse]\n\n"
    "FILE is the server's (`dataip-ledger --help`). Of it the backup uses "
    "origin,\ndata_dir, listen, the keys, and:\n"
    "FILE 是服务的配置文件；备份命令使用其中的 origin、data_dir、listen、密钥，"
    "以及：\n\n";

// What only the commands know, not the server.
std::vector<SettingRule> OwnSettings() {
  return {{"server", SettingKind::kText, "",
           "Where `backup create` finds the server; `listen` when not set."},
          {"rehearse", SettingKind::kFlag, "false",
           "`backup restore`: only to see that it can be done; the folder is "
           "removed."}};
}

absl::Status Usage() {
  return services::InvalidField("backup", {absl::StrCat("usage: ", kUsage),
                                           absl::StrCat("用法：", kUsage)});
}

// One command line: the words stand before the flags.
struct Order {
  std::string verb;
  std::vector<std::string> words;
  std::vector<std::string> flags;
};

absl::StatusOr<Order> ReadOrder(const std::vector<std::string>& arguments) {
  Order order;
  size_t at = 0;
  for (; at < arguments.size() && arguments[at].rfind('-', 0) != 0; ++at) {
    if (at == 0) {
      order.verb = arguments[at];
    } else {
      order.words.push_back(arguments[at]);
    }
  }
  order.flags.assign(arguments.begin() + static_cast<long>(at),
                     arguments.end());
  return order;
}

absl::Status CheckOrder(const Order& order) {
  const bool fits = order.verb == "create" || order.verb == "list"
                        ? order.words.empty()
                    : order.verb == "verify"  ? order.words.size() <= 1
                    : order.verb == "restore" ? order.words.size() == 2
                                              : false;
  return fits ? absl::OkStatus() : Usage();
}

absl::StatusOr<uint32_t> ReadId(const std::string& word) {
  uint32_t id = 0;
  if (absl::SimpleAtoi(word, &id) && id > 0) return id;
  return services::InvalidField(
      "ID", {absl::StrCat("a backup's number is wanted, not ", word),
             absl::StrCat("须为备份编号，而不是 ", word)});
}

void PrintBackup(const BackupManifest& manifest,
                 const PublishedCheckpoint& checkpoint) {
  const std::string made = absl::FormatTime(
      "%Y-%m-%dT%H:%M:%SZ", absl::FromUnixMillis(manifest.made_ms),
      absl::UTCTimeZone());
  std::printf("backup %u made %s size %llu files %llu\n", manifest.id,
              made.c_str(), static_cast<unsigned long long>(checkpoint.size),
              static_cast<unsigned long long>(manifest.file_count));
}

// The address on which a server with these settings answers this machine.
std::string AddressOf(const Config& config) {
  if (!config.Text("server").empty()) return config.Text("server");
  return absl::StrReplaceAll(config.Text("listen"),
                             {{"0.0.0.0:", "127.0.0.1:"}, {"[::]:", "[::1]:"}});
}

absl::Status NoAnswer(const std::string& address, const absl::Status& status) {
  const std::string why(status.message());
  return services::MakeStatus(
      rpc::v1::NOT_SERVING,
      {absl::StrCat(
           "a process has the database open, and no ledger answers at ",
           address, ": name its address with --server (", why, ")"),
       absl::StrCat("数据库正被另一进程使用，而地址 ", address,
                    " 没有账本应答，请用 --server 指定其地址（", why, "）")});
}

absl::Status CreateByServer(const Config& config) {
  std::optional<client::TlsFiles> tls;
  if (!config.Text("tls_ca").empty()) {
    const bool own = !config.Text("operator_certificate").empty();
    tls = client::TlsFiles{
        config.Text("tls_ca"),
        config.Text(own ? "operator_certificate" : "tls_certificate"),
        config.Text(own ? "operator_key" : "tls_key")};
  }
  ASSIGN_OR_RETURN(auto channel, client::MakeChannel(AddressOf(config), tls));
  client::LedgerClient ledger(std::move(channel));
  const auto made = ledger.CreateBackup();
  if (absl::IsUnavailable(made.status()) &&
      !client::ErrorDetailOf(made.status()).has_value()) {
    return NoAnswer(AddressOf(config), made.status());
  }
  RETURN_IF_ERROR(made.status());
  std::printf("backup %u size %llu in %s\n", made->backup_id(),
              static_cast<unsigned long long>(made->size()),
              made->folder().c_str());
  return absl::OkStatus();
}

// Without a server: places and what is stored are checked as at a start.
absl::Status CreateHere(Store& store, const LedgerOptions& options) {
  PublishedFile published(options.published_path);
  ASSIGN_OR_RETURN(
      const CheckedLedger checked,
      CheckAtStart(store, published, options.signing, options.map_cache_bytes));
  Backups backups(options.backup, store, options.signing,
                  [&checked] { return checked.published.note; });
  ASSIGN_OR_RETURN(const BackupMade made, backups.Create());
  std::printf("backup %u size %llu in %s\n", made.id,
              static_cast<unsigned long long>(made.size),
              options.backup.folder.c_str());
  return absl::OkStatus();
}

absl::Status Create(const Config& config, const LedgerOptions& options,
                    const ServerRules& server) {
  std::error_code error;
  if (!std::filesystem::exists(options.database_path + "/CURRENT", error)) {
    return services::MakeStatus(
        rpc::v1::NOT_FOUND,
        {absl::StrCat("there is no ledger in ", options.database_path),
         absl::StrCat(options.database_path, " 中没有账本")});
  }
  const auto store = Store::Open(options.database_path, options.cache_bytes);
  if (store.ok()) {
    RETURN_IF_ERROR(server.check_places(config, options));
    return CreateHere(**store, options);
  }
  // Another process has it open.
  if (absl::IsFailedPrecondition(store.status())) return CreateByServer(config);
  return store.status();
}

absl::StatusOr<CheckedManifest> ManifestOf(const LedgerOptions& options,
                                           uint32_t id) {
  const BackupFiles files(options.backup.folder);
  ASSIGN_OR_RETURN(const ManifestBytes bytes, files.ReadManifest(id));
  return ReadManifest(bytes.note, options.signing);
}

// Whatever a manifest that is listed lacks, it is a loss.
absl::Status Damaged(uint32_t id, const absl::Status& status) {
  const auto detail = client::ErrorDetailOf(status);
  const std::string why(status.message());
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat("backup ", id, " is damaged: ", why,
                    ". Make a new one, and keep this for the inquiry"),
       absl::StrCat("备份 ", id, " 已损坏：",
                    detail.has_value() ? detail->message_zh() : why,
                    "。请另作备份，并保留此份备查")});
}

absl::Status List(const LedgerOptions& options) {
  ASSIGN_OR_RETURN(const BackupNumbers numbers,
                   ListBackups(options.backup.folder));
  absl::Status worst;
  for (const uint32_t id : numbers.finished) {
    const auto checked = ManifestOf(options, id);
    if (checked.ok()) {
      PrintBackup(checked->manifest, checked->checkpoint);
      continue;
    }
    std::printf("backup %u damaged\n", id);
    if (worst.ok()) worst = Damaged(id, checked.status());
  }
  for (const uint32_t id : numbers.unfinished) {
    std::printf("backup %u unfinished\n", id);
  }
  if (numbers.finished.empty() && numbers.unfinished.empty()) {
    std::fprintf(stderr, "no backups in %s / 没有备份\n",
                 options.backup.folder.c_str());
  }
  return worst;
}

// Whether there is more of it than a number.
bool IsBegun(const LedgerOptions& options, uint32_t id) {
  const auto numbers = ListBackups(options.backup.folder);
  if (!numbers.ok()) return false;
  const auto holds = [id](const std::vector<uint32_t>& ids) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  return holds(numbers->finished) || holds(numbers->unfinished);
}

absl::Status NoManifest(uint32_t id) {
  return services::MakeStatus(
      rpc::v1::DATA_LOSS,
      {absl::StrCat("backup ", id,
                    " has no whole manifest: it was not finished, or the "
                    "manifest was taken away. Use another one; `backup "
                    "create` makes a new one and removes this"),
       absl::StrCat("备份 ", id,
                    " 没有完整的清单：未做完，或清单已被移走。请使用其他"
                    "备份；backup create 将另作一份并清除此份")});
}

absl::Status Verify(const LedgerOptions& options,
                    const std::vector<std::string>& words) {
  BackupNumbers numbers;
  std::vector<uint32_t> ids;
  if (words.empty()) {
    ASSIGN_OR_RETURN(numbers, ListBackups(options.backup.folder));
    ids = numbers.finished;
    if (ids.empty() && numbers.unfinished.empty()) {
      return services::MakeStatus(
          rpc::v1::NOT_FOUND,
          {absl::StrCat("there is no backup in ", options.backup.folder),
           absl::StrCat(options.backup.folder, " 中没有备份")});
    }
  } else {
    ASSIGN_OR_RETURN(const uint32_t id, ReadId(words[0]));
    ids.push_back(id);
  }
  for (const uint32_t id : ids) {
    const auto checked =
        VerifyBackup(options.backup.folder, id, options.signing);
    if (absl::IsNotFound(checked.status()) && IsBegun(options, id)) {
      return NoManifest(id);
    }
    RETURN_IF_ERROR(checked.status());
    std::printf("verified: ");
    PrintBackup(checked->manifest, checked->checkpoint);
  }
  for (const uint32_t id : numbers.unfinished) {
    std::printf("backup %u unfinished\n", id);
  }
  return numbers.unfinished.empty() ? absl::OkStatus()
                                    : NoManifest(numbers.unfinished.back());
}

absl::Status Restore(const LedgerOptions& options,
                     const std::vector<std::string>& words, bool rehearse) {
  ASSIGN_OR_RETURN(const uint32_t id, ReadId(words[0]));
  const std::string& data_dir = words[1];
  std::error_code error;
  const bool was_there = std::filesystem::exists(data_dir, error);
  const auto restored =
      RestoreBackup({options.backup.folder, id, data_dir}, options.signing);
  if (rehearse && !absl::IsAlreadyExists(restored.status())) {
    for (const char* const made : {kRestoringFolder, kRestoredFolder}) {
      std::filesystem::remove_all(data_dir + made, error);
    }
    if (!was_there) std::filesystem::remove_all(data_dir, error);
  }
  RETURN_IF_ERROR(restored.status());
  const PublishedCheckpoint& checkpoint = restored->checked.checkpoint;
  std::printf("%s: ", rehearse ? "rehearsed" : "restored");
  PrintBackup(restored->checked.manifest, checkpoint);
  std::printf(
      "every header, payload, tile and page of the map hashed again; the root "
      "of size %llu is that of the checkpoint / 已重新核对全部条目与映射，规模 "
      "%llu 的根与检查点相符\n",
      static_cast<unsigned long long>(checkpoint.size),
      static_cast<unsigned long long>(checkpoint.size));
  if (rehearse) return absl::OkStatus();
  return CheckNotRolledBack(*restored, PublishedFile(options.published_path),
                            options.signing);
}

}  // namespace

std::vector<SettingRule> BackupSettings() {
  return {
      {"backup_dir", SettingKind::kPath, "",
       "Folder of the backups, best on another disk; none when not set."},
      {"backup_keep", SettingKind::kNumber, "0",
       "How many backups stay, the newest; 0 = all."},
      {"operator", SettingKind::kList, "",
       "Actor of a client certificate that may have backups made."},
      {"operator_certificate", SettingKind::kPath, "",
       "PEM with which `backup create` asks the server that runs; the "
       "server's own when not set."},
      {"operator_key", SettingKind::kPath, "", "PEM of its private key."},
  };
}

BackupOptions BackupOptionsFrom(const Config& config) {
  return {config.Text("backup_dir"),
          static_cast<size_t>(config.Number("backup_keep"))};
}

absl::Status RunBackupCommand(const std::vector<std::string>& arguments,
                              std::vector<SettingRule> rules,
                              const ServerRules& server) {
  ASSIGN_OR_RETURN(const Order order, ReadOrder(arguments));
  const std::vector<SettingRule> own = OwnSettings();
  rules.insert(rules.end(), own.begin(), own.end());
  const bool help = std::any_of(
      order.flags.begin(), order.flags.end(),
      [](const std::string& flag) { return flag == "--help" || flag == "-h"; });
  if (!help) RETURN_IF_ERROR(CheckOrder(order));
  ASSIGN_OR_RETURN(const Config config, Config::Load(rules, order.flags));
  if (config.help()) {
    std::vector<SettingRule> shown = BackupSettings();
    shown.insert(shown.end(), own.begin(), own.end());
    std::printf("%s%s", kHelp, services::SettingsList(shown).c_str());
    return absl::OkStatus();
  }
  if (config.Flag("rehearse") && order.verb != "restore") {
    return services::InvalidField(
        "rehearse", {"only `backup restore` is rehearsed; remove the flag",
                     "只有 backup restore 可以演练，请去掉该选项"});
  }
  if (config.Text("backup_dir").empty()) {
    return services::InvalidField(
        "backup_dir", {"is not set: no folder for backups", "未设置备份目录"});
  }
  ASSIGN_OR_RETURN(const LedgerOptions options, server.options_from(config));
  if (order.verb == "create") return Create(config, options, server);
  if (order.verb == "list") return List(options);
  if (order.verb == "verify") return Verify(options, order.words);
  return Restore(options, order.words, config.Flag("rehearse"));
}

}  // namespace dataip::ledger
