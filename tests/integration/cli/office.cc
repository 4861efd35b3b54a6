#include "tests/integration/cli/office.h"

#include <google/protobuf/util/json_util.h>

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "gmock/gmock.h"

namespace dataip::test {
namespace {

using google::protobuf::Value;

constexpr char kOrigin[] = "cli.dataip.test/1";
constexpr char kTables[] = DATAIP_SOURCE_DIR "/deploy/tables/";
constexpr char kMetering[] = DATAIP_SOURCE_DIR "/tests/data/metering/";

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += " " + word;
  return text;
}

// The first data row of the metering table under another reference.
std::string OneRow(const std::string& reference) {
  const std::string table =
      ReadFile(std::string(kMetering) + "applications.csv");
  const size_t head_end = table.find('\n') + 1;
  const size_t row_end = table.find('\n', head_end) + 1;
  std::string row = table.substr(head_end, row_end - head_end);
  const std::string old = "ZJ-METER-01";
  row.replace(row.find(old), old.size(), reference);
  return table.substr(0, head_end) + row;
}

}  // namespace

std::string TextIn(const Value& value, const std::string& name) {
  return FieldIn(value, name).string_value();
}

const Value& FieldIn(const Value& value, const std::string& name) {
  static const auto* const nothing = new Value();
  const auto& fields = value.struct_value().fields();
  const auto found = fields.find(name);
  return found == fields.end() ? *nothing : found->second;
}

Office& Office::Shared() {
  static auto* const office = new Office();
  return *office;
}

Office::Office() {
  std::filesystem::create_directory(Path("keys"));
  std::filesystem::create_directory(Path("tls"));
  MakeTls();
  MakeKeys();
  StartLedger();
  StartRegistry("127.0.0.1:0");
  OpenRegistry();
  // Programs outlive static objects otherwise: end them with the tests.
  std::atexit([] { Shared().registry->Kill(), Shared().ledger->Kill(); });
}

void Office::Good(const std::string& who,
                  const std::vector<std::string>& arguments) {
  const Ended ended = Run(who, arguments);
  if (ended.exit_code == 0) return;
  ADD_FAILURE() << Joined(arguments) << ": exit code " << ended.exit_code
                << "\n"
                << ended.out << ended.err;
  if (ledger != nullptr) ledger->Kill();
  if (registry != nullptr) registry->Kill();
  std::abort();
}

void Office::MakeTls() {
  Good("", {"keys", "ca", "--algorithm=p256", "--use=tls", "--name=tls",
            "--out=" + Path("tls/ca.pem"), "--out-key=" + Path("tls/ca.key")});
  for (const auto& [who, actor] :
       {std::pair<std::string, std::string>{"ledger", "ledger"},
        {"registry", "registry"},
        {"root", "root"},
        {"examiner", "officers/examiner-1"},
        {"approver", "officers/approver-1"},
        {"enterprise", "P0000001"},
        {"licensee", "P0000002"}}) {
    Good("", {"keys", "cert", "--use=tls", "--name=" + who, "--ip=127.0.0.1",
              "--for=" + actor, "--ca=" + Path("tls/ca.pem"),
              "--ca-key=" + Path("tls/ca.key"),
              "--out=" + Path("tls/" + who + ".pem"),
              "--out-key=" + Path("tls/" + who + ".key")});
  }
}

void Office::MakeKeys() {
  for (const auto& [who, algorithm] :
       {std::pair<std::string, std::string>{"root", "sm2"},
        {"clock", "sm2"},
        {"examiner", "sm2"},
        {"approver", "p256"},
        {"enterprise", "sm2"},
        {"licensee", "ed25519"},
        {"spare", "sm2"},
        {"ledger-sm2", "sm2"},
        {"ledger-ed25519", "ed25519"}}) {
    Good("",
         {"keys", "new", "--algorithm=" + algorithm, "--out=" + KeyFile(who)});
  }
  for (const std::string algorithm : {"sm2", "p256"}) {
    const std::string ca = Path("keys/ca-" + algorithm);
    const std::string issuing = Path("keys/issuing-" + algorithm);
    Good("", {"keys", "ca", "--algorithm=" + algorithm, "--use=issuing",
              "--name=发证机构", "--out=" + ca + ".crt",
              "--out-key=" + ca + ".pem"});
    Good("", {"keys", "cert", "--use=issuing", "--name=发证", "--ca",
              ca + ".crt", "--ca-key", ca + ".pem", "--out", issuing + ".crt",
              "--out-key", issuing + ".pem"});
  }
  Good("", {"trust", "make", "--origin", kOrigin,
            "--ledger-key=" + KeyFile("ledger-ed25519"),
            "--ledger-key=" + KeyFile("ledger-sm2"),
            "--root-key=" + KeyFile("root"),
            "--issuing-ca=" + Path("keys/ca-sm2.crt"),
            "--issuing-ca=" + Path("keys/ca-p256.crt"), "--demonstration",
            "--out=" + Path("trust.json")});
}

void Office::StartLedger() {
  ledger = Process::Start(
      {"dataip-ledger",
       {"--origin", kOrigin, "--listen=127.0.0.1:0",
        "--data-dir=" + Path("ledger"),
        "--ed25519-key=" + KeyFile("ledger-ed25519"),
        "--sm2-key=" + KeyFile("ledger-sm2"), "--tls-ca=" + Path("tls/ca.pem"),
        "--tls-certificate=" + Path("tls/ledger.pem"),
        "--tls-key=" + Path("tls/ledger.key"), "--writer=registry",
        "--payload-reader=root"}});
  const auto address = ledger->WaitForAddress();
  ASSERT_TRUE(address.has_value()) << ledger->err();
  ledger_address = *address;
}

void Office::StartRegistry(const std::string& listen) {
  std::vector<std::string> arguments = {
      "--listen=" + listen, "--data-dir=" + Path("registry"),
      "--ledger=" + ledger_address, "--clock-key=" + KeyFile("clock"),
      "--root-key=" +
          TextIn(Json("", {"keys", "show", KeyFile("root")}), "key_id")};
  for (const std::string prefix : {"--tls-", "--ledger-tls-"}) {
    arguments.push_back(prefix + "ca=" + Path("tls/ca.pem"));
    arguments.push_back(prefix + "certificate=" + Path("tls/registry.pem"));
    arguments.push_back(prefix + "key=" + Path("tls/registry.key"));
  }
  for (const std::string algorithm : {"sm2", "p256"}) {
    const std::string flag = "--issuing-" + algorithm;
    const std::string file = Path("keys/issuing-" + algorithm);
    arguments.push_back(flag + "-key=" + file + ".pem");
    arguments.push_back(flag + "-chain=" + file + ".crt");
  }
  registry = Process::Start({"dataip-registry", arguments});
  const auto address = registry->WaitForAddress();
  ASSERT_TRUE(address.has_value()) << registry->err();
  registry_address = *address;
}

void Office::OpenRegistry() {
  Good("root", {"registry", "open", "--clock-key=" + KeyFile("clock"),
                "--issuing-sm2=" + Path("keys/issuing-sm2.pem"),
                "--issuing-p256=" + Path("keys/issuing-p256.pem"),
                "--demonstration-start=2024-06-20T09:00+08:00"});
  for (const auto& [name, file] :
       {std::pair<std::string, std::string>{"profiles/ZJ-2023",
                                            "profile_ZJ-2023.csv"},
        {"calendars/cn", "calendar_cn.csv"},
        {"industries", "industries.csv"},
        {"regions", "regions.csv"}}) {
    Good("root", {"registry", "load-table", name, kTables + file});
  }
  Good("root", {"officer", "add", "examiner-1", "--role=examiner",
                "--officer-key=" + KeyFile("examiner")});
  Good("root", {"officer", "add", "approver-1", "--role=approver",
                "--officer-key=" + KeyFile("approver")});
  Good("examiner",
       {"party", "register", "--kind=legal-person", "--name=测试能源有限公司",
        "--uscc", kEnterpriseCode, "--party-key=" + KeyFile("enterprise")});
  Good("examiner",
       {"party", "register", "--kind=legal-person", "--name=测试供热有限公司",
        "--uscc", kLicenseeCode, "--party-key=" + KeyFile("licensee")});
}

Ended Office::Run(const std::string& who, std::vector<std::string> arguments,
                  const std::string& standard_input) {
  Command command;
  command.program = "dataip";
  command.environment = {"DATAIP_SERVER=" + registry_address,
                         "DATAIP_LEDGER=" + ledger_address,
                         "DATAIP_STATE=" + Path("state")};
  if (std::filesystem::exists(Path("trust.json"))) {
    command.environment.push_back("DATAIP_TRUST=" + Path("trust.json"));
  }
  if (!who.empty()) {
    command.environment.push_back("DATAIP_TLS_CA=" + Path("tls/ca.pem"));
    command.environment.push_back("DATAIP_TLS_CERT=" +
                                  Path("tls/" + who + ".pem"));
    command.environment.push_back("DATAIP_TLS_KEY=" +
                                  Path("tls/" + who + ".key"));
    command.environment.push_back("DATAIP_KEY=" + KeyFile(who));
  }
  if (!standard_input.empty()) {
    const std::string file = Path("standard-input");
    WriteFile(file, standard_input);
    std::vector<std::string> shell = {"-c",
                                      "file=$1; shift; exec \"$@\" < \"$file\"",
                                      "sh", file, DATAIP_BIN_DIR "/dataip"};
    shell.insert(shell.end(), arguments.begin(), arguments.end());
    command.program = "/bin/sh";
    arguments = shell;
  }
  command.arguments = std::move(arguments);
  return ::dataip::test::Run(command);
}

Value Office::Json(const std::string& who, std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"-o", "json"});
  const Ended ended = Run(who, arguments);
  EXPECT_EQ(ended.exit_code, 0) << Joined(arguments) << "\n" << ended.err;
  Value value;
  EXPECT_TRUE(
      google::protobuf::util::JsonStringToMessage(ended.out, &value).ok())
      << ended.out;
  return value;
}

std::string Office::WriteRow(const std::string& reference) {
  const std::string csv = Path(reference + ".csv");
  WriteFile(csv, OneRow(reference));
  return csv;
}

std::string Office::DataFolder() { return kMetering; }

std::string Office::File(const std::string& reference) {
  const std::string csv = WriteRow(reference);
  Good("enterprise", {"application", "import", csv, "--data", kMetering});
  const Value found =
      Json("enterprise", {"application", "list", "--party", kEnterprise,
                          "--reference", reference});
  EXPECT_EQ(found.list_value().values_size(), 1);
  return found.list_value().values_size() == 0
             ? ""
             : TextIn(found.list_value().values(0), "application_no");
}

std::string Office::FileAndOpenNotice(const std::string& reference) {
  const std::string number = File(reference);
  Good("examiner", {"review", "notice", number, "--key", KeyFile("examiner"),
                    "--key", KeyFile("approver")});
  return number;
}

void Office::PassNotices() {
  const Value info = Json("root", {"registry", "show"});
  const std::string now = TextIn(info, "now");  // YYYY-MM-DDTHH:MM:SSZ
  // Twenty days hold the ten working days of a notice; a new month is easier
  // to write than a new day.
  int year = std::stoi(now.substr(0, 4));
  int month = std::stoi(now.substr(5, 2)) + 1;
  if (month > 12) {
    month = 1;
    ++year;
  }
  char to[32];
  std::snprintf(to, sizeof(to), "%04d-%02d-25T09:00+08:00", year, month);
  Good("root", {"clock", "advance", "--to", to});
}

std::string Office::Certify(const std::string& reference) {
  const std::string number = FileAndOpenNotice(reference);
  PassNotices();
  Good("examiner", {"review", "register", number, "--key", KeyFile("examiner"),
                    "--key", KeyFile("approver")});
  const Value shown = Json("enterprise", {"application", "show", number});
  return TextIn(FieldIn(shown, "application"), "certificate_number");
}

}  // namespace dataip::test
