// raw_call ADDRESS METHOD CA CERTIFICATE KEY < REQUEST > RESPONSE
//
// Sends the bytes of standard input as they are in one unary call, so that
// tests can send what no client of ours would. Prints the answer's bytes, or
// the error as one line `CODE REASON MESSAGE` on stderr with one line
// `RULE FIELD MESSAGE` for each field at fault; exits with the status code.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "client/channel.h"
#include "client/status.h"

namespace {

constexpr std::chrono::seconds kDeadline(30);

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string TextOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return "";
  std::string text;
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

void Print(const absl::Status& status) {
  const auto detail = dataip::client::ErrorDetailOf(status).value_or(
      dataip::rpc::v1::ErrorDetail());
  std::cerr << absl::StatusCodeToString(status.code()) << " "
            << dataip::rpc::v1::Reason_Name(detail.reason()) << " "
            << detail.message_zh() << " " << status.message() << "\n";
  for (const auto& violation : detail.field_violations()) {
    std::cerr << violation.rule() << " " << violation.field() << " "
              << violation.message_zh() << " " << violation.message_en()
              << "\n";
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::cerr << "raw_call ADDRESS METHOD CA CERTIFICATE KEY\n";
    return 64;
  }
  const auto channel = dataip::client::MakeChannel(
      argv[1], dataip::client::TlsFiles{argv[3], argv[4], argv[5]});
  if (!channel.ok()) {
    std::cerr << channel.status() << "\n";
    return 64;
  }
  const std::string bytes((std::istreambuf_iterator<char>(std::cin)),
                          std::istreambuf_iterator<char>());
  grpc::GenericStub stub(*channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kDeadline);
  grpc::CompletionQueue queue;
  grpc::ByteBuffer response;
  grpc::Status status;
  const auto call =
      stub.PrepareUnaryCall(&context, argv[2], BufferOf(bytes), &queue);
  call->StartCall();
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!status.ok()) Print(dataip::client::FromGrpcStatus(status));
  std::cout << TextOf(response);
  return static_cast<int>(status.error_code());
}
