// Who may do what over mutual TLS; health and reflection.
#include <grpcpp/channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <ctime>

#include "client/pki/authority.h"
#include "client/pki/key_file.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "gtest/gtest.h"
#include "tests/integration/ledger/ledger_process.h"

namespace dataip::test {
namespace {

using client::LedgerClient;

// An authority and the certificates of a server and its clients.
class LedgerAccess : public testing::Test {
 protected:
  void SetUp() override {
    const int64_t now = std::time(nullptr);
    validity_ = {now - 3'600, now + 86'400};
    auto authority = client::Authority::Create(
        {.common_name = "test CA", .validity = validity_});
    ASSERT_TRUE(authority.ok()) << authority.status();
    authority_ = std::make_unique<client::Authority>(*std::move(authority));
    WriteFile(ledger.dir / "ca.pem", authority_->certificate_pem());
    const client::TlsFiles server = Issue("server", "");
    ASSERT_NO_FATAL_FAILURE(
        ledger.Start({"--tls-ca", server.ca_path, "--tls-certificate",
                      server.certificate_path, "--tls-key", server.key_path,
                      "--writer", "registry", "--payload-reader", "auditor"}));
  }

  client::TlsFiles Issue(const std::string& name, const std::string& actor) {
    const client::TlsFiles files{ledger.dir / "ca.pem",
                                 ledger.dir / (name + ".crt"),
                                 ledger.dir / (name + ".key")};
    const auto key = crypto::PrivateKey::Generate(crypto::Algorithm::kP256);
    EXPECT_TRUE(client::WriteKeyFile(files.key_path, *key).ok());
    client::LeafOptions options;
    options.common_name = name;
    options.validity = validity_;
    options.dns_names = {"localhost"};
    options.ip_addresses = {"127.0.0.1"};
    options.actor = actor;
    const auto certificate = authority_->Issue(key->public_key(), options);
    EXPECT_TRUE(certificate.ok()) << certificate.status();
    WriteFile(files.certificate_path, certificate.value_or(""));
    return files;
  }

  LedgerClient ClientOf(const std::string& name, const std::string& actor) {
    return LedgerClient(ledger.Connect(Issue(name, actor)));
  }

  LedgerProcess ledger;
  client::Validity validity_;
  std::unique_ptr<client::Authority> authority_;
};

TEST_F(LedgerAccess, LetsOnlyNamedWritersWrite) {
  ledger::v1::OpenWriterRequest open;
  open.set_instance_id("test");
  for (const std::string actor : {"", "auditor", "someone"}) {
    LedgerClient client = ClientOf("client-" + actor, actor);
    EXPECT_TRUE(absl::IsPermissionDenied(client.OpenWriter(open).status()));
    EXPECT_TRUE(
        absl::IsPermissionDenied(client.AppendOne(MessageOf(1, 0)).status()));
    const auto stream = client.Append();
    EXPECT_TRUE(absl::IsPermissionDenied(stream->Next().status()));
  }
  LedgerClient writer = ClientOf("writer", "registry");
  EXPECT_TRUE(writer.OpenWriter(open).ok());
}

TEST_F(LedgerAccess, GivesPayloadsToNamedReadersOnly) {
  LedgerClient writer = ClientOf("writer", "registry");
  const uint64_t epoch = OpenAtTail(writer).epoch();
  ASSERT_TRUE(writer.AppendOne(MessageOf(epoch, 0)).ok());
  LedgerClient auditor = ClientOf("auditor", "auditor");
  LedgerClient someone = ClientOf("someone", "someone");
  EXPECT_EQ(auditor.GetEntry(0, true)->payload_status(), ledger::v1::PRESENT);
  const auto hidden = someone.GetEntry(0, true);
  ASSERT_TRUE(hidden.ok()) << hidden.status();
  EXPECT_EQ(hidden->payload_status(), ledger::v1::NOT_FOR_THIS_READER);
  EXPECT_TRUE(hidden->payload().empty());
  EXPECT_FALSE(hidden->header().empty());
  ledger::v1::ReadEntriesRequest request;
  request.set_with_payloads(true);
  const auto next = someone.ReadEntries(request)->Next();
  ASSERT_TRUE(next.ok() && next->has_value()) << next.status();
  EXPECT_EQ((*next)->entries(0).payload_status(),
            ledger::v1::NOT_FOR_THIS_READER);
}

TEST_F(LedgerAccess, RefusesAConnectionWithoutACertificate) {
  LedgerClient client(ledger.Connect());
  EXPECT_TRUE(absl::IsUnavailable(client.GetEntry(0, false).status()));
}

// One message each way over any method, as bytes.
std::string RawCall(const std::shared_ptr<grpc::Channel>& channel,
                    const std::string& method, const std::string& request) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(10));
  grpc::CompletionQueue queue;
  const auto wait = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  const auto call = stub.PrepareCall(&context, method, &queue);
  call->StartCall(nullptr);
  if (!wait()) return "not started";
  const grpc::Slice slice(request);
  call->Write(grpc::ByteBuffer(&slice, 1), nullptr);
  if (!wait()) return "not written";
  grpc::ByteBuffer response;
  call->Read(&response, nullptr);
  if (!wait()) return "nothing read";
  call->WritesDone(nullptr);
  wait();
  grpc::Status status;
  call->Finish(&status, nullptr);
  wait();
  std::vector<grpc::Slice> slices;
  EXPECT_TRUE(response.Dump(&slices).ok()) << status.error_message();
  std::string bytes;
  for (const grpc::Slice& part : slices) {
    bytes.append(reinterpret_cast<const char*>(part.begin()), part.size());
  }
  return bytes;
}

TEST(LedgerTools, AnswersHealthAndBothReflections) {
  LedgerProcess ledger;
  ASSERT_NO_FATAL_FAILURE(ledger.Start());
  const auto channel = ledger.Connect();
  // HealthCheckResponse{status: SERVING}
  EXPECT_EQ(RawCall(channel, "/grpc.health.v1.Health/Check", ""), "\x08\x01");
  const std::string name = "dataip.ledger.v1.LedgerService";
  EXPECT_EQ(
      RawCall(channel, "/grpc.health.v1.Health/Check",
              "\x0a" + std::string(1, static_cast<char>(name.size())) + name),
      "\x08\x01");
  // The messages of v1 and v1alpha are the same on the wire.
  for (const std::string version : {"v1", "v1alpha"}) {
    const std::string method = "/grpc.reflection." + version +
                               ".ServerReflection/ServerReflectionInfo";
    grpc::reflection::v1::ServerReflectionRequest request;
    request.set_list_services("");
    grpc::reflection::v1::ServerReflectionResponse response;
    ASSERT_TRUE(response.ParseFromString(
        RawCall(channel, method, request.SerializeAsString())));
    std::vector<std::string> names;
    for (const auto& service : response.list_services_response().service()) {
      names.push_back(service.name());
    }
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end())
        << version;
    request.set_file_containing_symbol(name);
    ASSERT_TRUE(response.ParseFromString(
        RawCall(channel, method, request.SerializeAsString())));
    EXPECT_GE(response.file_descriptor_response().file_descriptor_proto_size(),
              1)
        << version;
    request.set_file_containing_symbol("no.such.Thing");
    ASSERT_TRUE(response.ParseFromString(
        RawCall(channel, method, request.SerializeAsString())));
    EXPECT_TRUE(response.has_error_response()) << version;
  }
}

}  // namespace
}  // namespace dataip::test
