#include "tests/integration/ledger/ledger_process.h"

#include "client/pki/key_file.h"
#include "core/crypto/signer.h"
#include "core/proof/header.h"
#include "gtest/gtest.h"

namespace dataip::test {
namespace {

void WriteKey(const std::string& path, crypto::Algorithm algorithm) {
  const auto key = crypto::PrivateKey::Generate(algorithm);
  ASSERT_TRUE(key.ok()) << key.status();
  ASSERT_TRUE(client::WriteKeyFile(path, *key).ok());
}

// The program in a shell that has lowered its limit first.
Command Limited(const Command& command, int descriptors) {
  Command limited{
      "/bin/sh",
      {"-c", "ulimit -n " + std::to_string(descriptors) + " && exec \"$@\"",
       "sh", std::string(DATAIP_BIN_DIR) + "/" + command.program}};
  limited.arguments.insert(limited.arguments.end(), command.arguments.begin(),
                           command.arguments.end());
  return limited;
}

}  // namespace

LedgerProcess::LedgerProcess(const std::string& origin)
    : config_path(dir / "ledger.conf") {
  WriteKey(dir / "ed25519.pem", crypto::Algorithm::kEd25519);
  WriteKey(dir / "sm2.pem", crypto::Algorithm::kSm2);
  WriteFile(config_path, "origin = " + origin +
                             "\n"
                             "listen = 127.0.0.1:0\n"
                             "data_dir = data\n"
                             "ed25519_key = ed25519.pem\n"
                             "sm2_key = sm2.pem\n"
                             "checkpoint_interval_ms = 20\n");
}

void LedgerProcess::Start(const std::vector<std::string>& more_flags) {
  Command command{"dataip-ledger", {"--config", config_path}};
  command.arguments.insert(command.arguments.end(), more_flags.begin(),
                           more_flags.end());
  if (descriptor_limit > 0) command = Limited(command, descriptor_limit);
  process = Process::Start(command);
  const auto listening = process->WaitForAddress();
  ASSERT_TRUE(listening.has_value()) << process->err();
  address = *listening;
}

Ended LedgerProcess::RunWith(const std::vector<std::string>& more_flags) {
  Command command{"dataip-ledger", {"--config", config_path}};
  command.arguments.insert(command.arguments.end(), more_flags.begin(),
                           more_flags.end());
  return Run(command, std::chrono::seconds(20));
}

std::shared_ptr<grpc::Channel> LedgerProcess::Connect(
    const std::optional<client::TlsFiles>& tls) const {
  auto channel = client::MakeChannel(address, tls);
  EXPECT_TRUE(channel.ok()) << channel.status();
  return *channel;
}

ledger::v1::AppendRequest MessageOf(uint64_t epoch, uint64_t sequence,
                                    int count, size_t payload_bytes) {
  ledger::v1::AppendRequest request;
  request.set_epoch(epoch);
  request.set_sequence(sequence);
  for (int i = 0; i < count; ++i) {
    ledger::v1::NewEntry* entry = request.add_entries();
    entry->set_type("test.Entry");
    entry->set_stream("messages/" + std::to_string(sequence));
    std::string payload = std::to_string(sequence) + "/" + std::to_string(i);
    payload.resize(payload_bytes, 'x');
    entry->set_payload(payload);
  }
  return request;
}

ledger::v1::OpenWriterResponse OpenAtTail(client::LedgerClient& client) {
  ledger::v1::OpenWriterRequest open;
  open.set_instance_id("test");
  ledger::v1::ReadEntriesRequest read;
  const auto entries = client.ReadEntries(read);
  while (true) {
    const auto next = entries->Next();
    EXPECT_TRUE(next.ok()) << next.status();
    if (!next.ok() || !next->has_value()) break;
    for (const ledger::v1::Entry& entry : (*next)->entries()) {
      const auto header = proof::DecodeHeader(hash::AsBytes(entry.header()));
      EXPECT_TRUE(header.ok());
      if (header->type.rfind(proof::kLedgerTypePrefix, 0) == 0) continue;
      open.set_has_expected(true);
      open.set_expected_index(entry.index());
      const auto leaf = hash::LeafHash(hash::AsBytes(entry.header()));
      open.mutable_expected_leaf_hash()->assign(leaf.text());
    }
  }
  const auto opened = client.OpenWriter(open);
  EXPECT_TRUE(opened.ok()) << opened.status();
  return opened.value_or(ledger::v1::OpenWriterResponse());
}

}  // namespace dataip::test
