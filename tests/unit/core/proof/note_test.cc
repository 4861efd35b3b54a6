#include "core/proof/note.h"

#include <string>

#include "core/base/base64.h"
#include "core/base/limits.h"
#include "gtest/gtest.h"

namespace dataip::proof {
namespace {

constexpr char kOrigin[] = "ledger.example/zhejiang";
// From the vectors of an independent implementation.
constexpr char kEd25519Vkey[] =
    "ledger.example/zhejiang+5757e79e+"
    "AUv43niwlBF/1RfMi2dH2PKCnO7zDTXyUWKptDkXcO+Q";
constexpr char kSm2Vkey[] =
    "ledger.example/zhejiang+509893c4+/2RhdGFpcC5zbTJzbTMudjEE0PIAtVRh9wUs/"
    "uyz4AowabDVOCjAOMF+KGIHmfHsozY2tNsrbBR+AVlO0trCdJqcOMYg/"
    "B6xiPdlrD/0zlHxOQ==";

NoteKey Key(NoteKeyType type) {
  const std::string raw(type == NoteKeyType::kSm2 ? 65 : 32, 'k');
  return *MakeNoteKey(kOrigin, type, hash::AsBytes(raw));
}

std::string CheckpointText() {
  return FormatCheckpoint({kOrigin, 23, hash::Sha256(hash::AsBytes("root"))});
}

SignedNote SampleNote() {
  const std::string signature(64, 's');
  return {CheckpointText(),
          {Ed25519Line(Key(NoteKeyType::kEd25519), hash::AsBytes(signature)),
           Sm2Line(Key(NoteKeyType::kSm2), hash::Sm3(Bytes()),
                   hash::AsBytes("der"))}};
}

TEST(CheckOrigin, RefusesWhatCannotNameALedger) {
  const std::string origins[] = {
      "",
      std::string(256, 'o'),
      "a b",
      "a+b",
      "a\nb",
      "a\tb",
      std::string("a\0b", 3),
      "a\x7f",
      "a\xc2\x80",      // U+0080
      "a\xc2\xa0",      // no-break space
      "a\xe3\x80\x80",  // ideographic space
      "a\xe2\x80\x83",  // em space
      "a\xe2\x80\xa8",  // line separator
      "a\xff",
  };
  for (const std::string& origin : origins) {
    EXPECT_EQ(CheckOrigin(origin), Flaw::kOrigin) << origin;
  }
  EXPECT_EQ(CheckOrigin(kOrigin), Flaw::kNone);
  EXPECT_EQ(CheckOrigin("账本.示例/浙江"), Flaw::kNone);
  EXPECT_EQ(CheckOrigin(std::string(255, 'o')), Flaw::kNone);
}

TEST(ParseVkey, RefusesOtherForms) {
  const std::string good = kEd25519Vkey;
  const std::string cases[] = {
      "",
      "name",
      "name+5757e79e",
      "+5757e79e+" + good.substr(33),
      good + "=",
      good + "\n",
      " " + good,
      good.substr(0, good.size() - 4),              // short key
      "ledger.example/zhejianG" + good.substr(23),  // id of another name
      "ledger.example/zhejiang+5757E79E" + good.substr(32),
      "ledger.example/zhejiang+5757e79f" + good.substr(32),
      "ledger.example/zhejiang+5757e7" + good.substr(32),
  };
  for (const std::string& vkey : cases) {
    EXPECT_FALSE(ParseVkey(vkey).ok()) << vkey;
  }
  EXPECT_EQ(ParseVkey("a+00000000+Ag==").flaw, Flaw::kKeyType);
  EXPECT_EQ(ParseVkey("a+00000000+AQ==").flaw, Flaw::kKeyBytes);
  EXPECT_EQ(ParseVkey("a+00000000+A").flaw, Flaw::kNotCanonicalBase64);
}

TEST(ParseVkey, HasOneSpelling) {
  for (const std::string vkey : {kEd25519Vkey, kSm2Vkey}) {
    const Parsed<NoteKey> key = ParseVkey(vkey);
    ASSERT_TRUE(key.ok()) << Describe(key.flaw);
    EXPECT_EQ(key->name, kOrigin);
    EXPECT_EQ(FormatVkey(*key), vkey);
    for (size_t i = 0; i < vkey.size(); ++i) {
      std::string changed = vkey;
      changed[i] ^= 1;
      EXPECT_FALSE(ParseVkey(changed).ok()) << changed;
    }
  }
  EXPECT_EQ(ParseVkey(kEd25519Vkey)->type, NoteKeyType::kEd25519);
  EXPECT_EQ(ParseVkey(kSm2Vkey)->type, NoteKeyType::kSm2);
}

TEST(MakeNoteKey, RefusesOtherLengthsAndNames) {
  const std::string raw(65, 'k');
  const Bytes bytes = hash::AsBytes(raw);
  EXPECT_EQ(MakeNoteKey("a b", NoteKeyType::kSm2, bytes).flaw, Flaw::kOrigin);
  EXPECT_FALSE(MakeNoteKey("a", NoteKeyType::kSm2, bytes.first(64)).ok());
  EXPECT_FALSE(MakeNoteKey("a", NoteKeyType::kEd25519, bytes).ok());
  EXPECT_FALSE(
      MakeNoteKey("a", NoteKeyType::kCosignature, bytes.first(31)).ok());
}

TEST(ParseForeignCheckpoint, RefusesOtherForms) {
  const std::string root = std::string(43, 'A') + "=";
  const std::pair<Flaw, std::string> cases[] = {
      {Flaw::kCheckpointForm, ""},
      {Flaw::kCheckpointForm, "o\n1\n"},
      {Flaw::kCheckpointForm, "o\n1\n" + root},
      {Flaw::kCheckpointForm, "o\n1\n" + root + "\n\n"},
      {Flaw::kCheckpointForm, "o\n1\n" + root + "\n\nextension\n"},
      {Flaw::kCheckpointForm, "o\n1\n" + root + "\nextension"},
      {Flaw::kOrigin, "\n1\n" + root + "\n"},
      {Flaw::kCheckpointSize, "o\n00\n" + root + "\n"},
      {Flaw::kCheckpointSize, "o\n01\n" + root + "\n"},
      {Flaw::kCheckpointSize, "o\n9223372036854775808\n" + root + "\n"},
      {Flaw::kCheckpointRoot, "o\n1\n" + root + "=\n"},
      {Flaw::kCheckpointRoot, "o\n1\nAAAA\n"},
  };
  for (const auto& [flaw, text] : cases) {
    EXPECT_EQ(ParseForeignCheckpoint(text).flaw, flaw) << text;
  }
}

TEST(ParseForeignCheckpoint, TakesWhatOnlyOtherLogsWrite) {
  const std::string root = std::string(43, 'A') + "=\n";
  const auto tree =
      ParseForeignCheckpoint("go.sum database tree\n0\n" + root + "more\n \n");
  ASSERT_TRUE(tree.ok()) << Describe(tree.flaw);
  EXPECT_EQ(tree->origin, "go.sum database tree");
  EXPECT_EQ(tree->size, 0u);
}

TEST(ParseNote, TakesALongLineOnlyWhereItIsAllowed) {
  const std::string line =
      "\u2014 w " + base::Base64Encode(std::vector<uint8_t>(2'436, 7)) + "\n";
  EXPECT_EQ(ParseNote("text\n\n" + line).flaw, Flaw::kTooLong);
  EXPECT_TRUE(
      ParseNote("text\n\n" + line, limits::kForeignSignatureLineBytes).ok());
}

TEST(ParseSignatureLines, RefusesOtherForms) {
  const std::string line = "\u2014 w AAAAAAE=\n";
  EXPECT_TRUE(ParseSignatureLines(line + line).ok());
  EXPECT_EQ(ParseSignatureLines("").flaw, Flaw::kNoSignature);
  for (const std::string& lines :
       {line + "\n", "\n" + line, line.substr(0, line.size() - 1),
        std::string("- w AAAAAAE=\n")}) {
    EXPECT_EQ(ParseSignatureLines(lines).flaw, Flaw::kNoteForm) << lines;
  }
}

TEST(ParseCheckpoint, RefusesOtherForms) {
  const std::string root(43, 'A');
  const std::pair<Flaw, std::string> cases[] = {
      {Flaw::kCheckpointForm, ""},
      {Flaw::kCheckpointForm, "o\n1\n"},
      {Flaw::kCheckpointForm, "o\n1\n" + root + "="},
      {Flaw::kCheckpointForm, "o\n1\n" + root + "=\nextension\n"},
      {Flaw::kCheckpointForm, "o\n1\n" + root + "=\n\n"},
      {Flaw::kOrigin, "\n1\n" + root + "=\n"},
      {Flaw::kOrigin, "o o\n1\n" + root + "=\n"},
      {Flaw::kCheckpointSize, "o\n\n" + root + "=\n"},
      {Flaw::kCheckpointSize, "o\n0\n" + root + "=\n"},
      {Flaw::kCheckpointSize, "o\n01\n" + root + "=\n"},
      {Flaw::kCheckpointSize, "o\n+1\n" + root + "=\n"},
      {Flaw::kCheckpointSize, "o\n-1\n" + root + "=\n"},
      {Flaw::kCheckpointSize, "o\n1 \n" + root + "=\n"},
      {Flaw::kCheckpointSize, "o\n9223372036854775808\n" + root + "=\n"},
      {Flaw::kCheckpointSize, "o\n99999999999999999999\n" + root + "=\n"},
      {Flaw::kCheckpointRoot, "o\n1\n\n"},
      {Flaw::kCheckpointRoot, "o\n1\n" + root + "\n"},
      {Flaw::kCheckpointRoot, "o\n1\n" + root.substr(1) + "B=\n"},
      {Flaw::kCheckpointRoot, "o\n1\nAAAA\n"},
      {Flaw::kCheckpointRoot, "o\n1\n" + root + "=\r\n"},
  };
  for (const auto& [flaw, text] : cases) {
    EXPECT_EQ(ParseCheckpoint(text).flaw, flaw) << text;
  }
}

TEST(ParseCheckpoint, TakesWhatFormatCheckpointWrites) {
  for (const uint64_t size :
       {uint64_t{1}, uint64_t{255}, (uint64_t{1} << 63) - 1}) {
    const Checkpoint checkpoint = {kOrigin, size, hash::Sha256(Bytes())};
    EXPECT_EQ(*ParseCheckpoint(FormatCheckpoint(checkpoint)), checkpoint);
  }
}

TEST(ParseNote, RefusesOtherForms) {
  const std::string text = CheckpointText();
  const std::string line = FormatSignatureLine(SampleNote().signatures[0]);
  const std::string cases[] = {
      "",
      text,                                           // no signatures
      text + "\n",                                    //
      text + line,                                    // no empty line
      text + "\n" + line.substr(0, line.size() - 1),  // no LF at the end
      text + "\n" + line + "\n",                      // something behind
      text + "\n" + line + "x\n",                     //
      text + "\n- " + line.substr(4),                 // another dash
      text + "\n" + line.substr(0, 30) + "\n",        // no signature
      text + "\n\xe2\x80\x94 name AAAA\n",            // a key id, no signature
      text + "\n\xe2\x80\x94 na+me AAAAAAAA\n",
      text + "\n\xe2\x80\x94  AAAAAAAA\n",
      text + "\n\xe2\x80\x94 name  AAAAAAAA\n",
      text + "\n\xe2\x80\x94 name AAAAAAA\n",  // not base64
      "a\tb\n\n" + line,                       // control character
      "a\xff\n\n" + line,                      // not UTF-8
      "a\r\n\n" + line,
  };
  for (const std::string& note : cases) {
    EXPECT_FALSE(ParseNote(note).ok()) << note;
  }
  std::string many = text + "\n";
  for (int i = 0; i < 101; ++i) many += line;
  EXPECT_EQ(ParseNote(many).flaw, Flaw::kTooLong);
}

TEST(ParseNote, HasOneSpellingForEveryBitFlip) {
  const std::string note = FormatNote(SampleNote());
  const Parsed<SignedNote> parsed = ParseNote(note);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->signatures, SampleNote().signatures);
  for (size_t bit = 0; bit < 8 * note.size(); ++bit) {
    std::string flipped = note;
    flipped[bit / 8] ^= static_cast<char>(1 << bit % 8);
    const Parsed<SignedNote> other = ParseNote(flipped);
    if (!other.ok()) continue;
    EXPECT_EQ(FormatNote(*other), flipped);
    EXPECT_TRUE(other->text != parsed->text ||
                other->signatures != parsed->signatures);
  }
}

TEST(ReadSignature, RefusesOtherKeysAndLengths) {
  const std::string text = CheckpointText();
  const std::string bytes(64, 's');
  const NoteKey ed25519 = Key(NoteKeyType::kEd25519);
  const NoteKey sm2 = Key(NoteKeyType::kSm2);
  SignatureLine line = Ed25519Line(ed25519, hash::AsBytes(bytes));
  EXPECT_EQ(ReadSignature(sm2, text, line).flaw, Flaw::kOtherKey);
  line.name = "ledger.example/other";
  EXPECT_EQ(ReadSignature(ed25519, text, line).flaw, Flaw::kOtherKey);
  line = Ed25519Line(ed25519, hash::AsBytes(bytes).first(63));
  EXPECT_EQ(ReadSignature(ed25519, text, line).flaw, Flaw::kSignatureForm);
  line = Ed25519Line(ed25519, hash::AsBytes(bytes + "s"));
  EXPECT_EQ(ReadSignature(ed25519, text, line).flaw, Flaw::kSignatureForm);
  line = Sm2Line(sm2, Hash{}, Bytes());
  EXPECT_EQ(ReadSignature(sm2, text, line).flaw, Flaw::kSignatureForm);
  const NoteKey witness = Key(NoteKeyType::kCosignature);
  line = CosignatureLine(witness, 1, hash::AsBytes(bytes).first(63));
  EXPECT_EQ(ReadSignature(witness, text, line).flaw, Flaw::kSignatureForm);
}

TEST(ReadSignature, GivesWhatEachKeySigns) {
  const std::string text = CheckpointText();
  const std::string bytes(64, 's');
  const NoteKey ed25519 = Key(NoteKeyType::kEd25519);
  auto read =
      ReadSignature(ed25519, text, Ed25519Line(ed25519, hash::AsBytes(bytes)));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->message, text);
  EXPECT_EQ(read->signature, bytes);

  const NoteKey sm2 = Key(NoteKeyType::kSm2);
  const Hash head = hash::Sm3(hash::AsBytes("head"));
  read = ReadSignature(sm2, text, Sm2Line(sm2, head, hash::AsBytes("der")));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->message, text + std::string(head.text()));
  EXPECT_EQ(read->signature, "der");
  EXPECT_EQ(read->chain_head, head);

  const NoteKey witness = Key(NoteKeyType::kCosignature);
  read =
      ReadSignature(witness, text,
                    CosignatureLine(witness, 1679315147, hash::AsBytes(bytes)));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->message, "cosignature/v1\ntime 1679315147\n" + text);
  EXPECT_EQ(read->time_s, 1679315147u);
}

}  // namespace
}  // namespace dataip::proof
