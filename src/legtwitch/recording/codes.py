"""Codes of what reading a recording has to say, with their meanings. A code is never reused."""

from __future__ import annotations

# ---- Q1xx: file and time ---------------------------------------------------------------------------------------------
DECIMAL_COMMA = "Q101"
HEADER_LENGTH = "Q102"
RECORD_COUNT = "Q103"
TRUNCATED = "Q104"
EXTRA_BYTES = "Q105"
NO_RECORDS = "Q106"
LAYOUT_UNKNOWN = "Q107"
RECORD_DURATION = "Q108"
START_UNKNOWN = "Q109"
START_REPAIRED = "Q110"
DATE_HIDDEN = "Q111"
DATES_DIFFER = "Q112"
GAPS = "Q113"
GAPS_UNDECLARED = "Q114"
CLOCK_UNREADABLE = "Q115"
CLOCK_BACKWARDS = "Q116"
CLOCK_DRIFT = "Q117"
FIRST_RECORD_LATE = "Q118"
SIGNAL_COUNT = "Q119"
FORMAT_MISMATCH = "Q120"
ENCODING = "Q121"
HEADER_SHIFTED = "Q122"
MARKS_BEFORE_STAGES = "Q123"
UNKNOWN_LABELS = "Q130"
EMPTY_MARKS = "Q131"
UNREADABLE_MARKS = "Q132"
MARKS_OUTSIDE = "Q133"
STAGES_OVERLAP = "Q134"
STAGES_WITHOUT_DURATION = "Q135"
NO_MOVEMENT_MARKS = "Q136"
VENDOR_SERIES = "Q137"
ARTIFACTS_WITHOUT_CHANNEL = "Q138"
DURATIONS_DIFFER = "Q139"
DATE_ORDER = "Q140"
CLOCKS_ALIGNED = "Q141"
CLOCKS_UNKNOWN = "Q142"
SAME_MARKS = "Q143"
EPOCH_ASSUMED = "Q144"
STAGE_NUMBERS = "Q145"
MARKS_WITHOUT_DURATION = "Q146"
SIDES_UNKNOWN = "Q147"
MUSCLE_ACTIVITY = "Q148"
STAGES_BESIDE = "Q149"
CLOCK_UNEVEN = "Q150"
CLOCK_REPEATS = "Q151"
CLOCK_UNIT = "Q152"
CLOCK_COARSE = "Q153"
CHECKSUM = "Q154"
FIRST_SAMPLE = "Q155"
NOT_VERIFIED = "Q156"
UNREADABLE_CELLS = "Q157"
LONE_SAMPLES = "Q158"
TIME_MISSING = "Q159"
RATE_DIFFERS = "Q160"
COLUMNS_LEFT = "Q161"
RATE_DEFAULT = "Q162"

# ---- Q2xx: channels and units ----------------------------------------------------------------------------------------
LABEL_REPAIRED = "Q201"
LABEL_TWICE = "Q202"
NO_SCALE = "Q203"
LIMITS_INVERTED = "Q204"
UNIT_UNKNOWN = "Q205"
UNIT_STATED = "Q206"
NO_LEG = "Q207"
ONE_LEG = "Q208"
LEGS_TOGETHER = "Q209"
SIDE_UNKNOWN = "Q210"
LEG_TWICE = "Q211"
RESOLUTION_COARSE = "Q212"
RATE_LOW = "Q213"
RATE_MODEST = "Q214"
RANGE_SMALL = "Q215"
NO_SAMPLES = "Q216"
RATE_STATED = "Q217"
SAMPLES_INVALID = "Q220"
UNCALIBRATED = "Q221"
UNIT_BY_GRAVITY = "Q222"
NO_GRAVITY = "Q223"
GLITCHES = "Q224"
UNITS_DIFFER = "Q225"
CLIPPED = "Q226"

PROBLEMS: dict[str, str] = {
    DECIMAL_COMMA: "A number of the header has a decimal comma; it was read as a decimal point.",
    HEADER_LENGTH: "The header states a wrong length of itself; the length follows from the number of signals.",
    RECORD_COUNT: "The header states no number of data records, or fewer than there are; they were counted.",
    TRUNCATED: "The file ends early; it was read as far as it goes.",
    EXTRA_BYTES: "Bytes after the last whole data record were not read.",
    NO_RECORDS: "The file holds no whole data record.",
    LAYOUT_UNKNOWN: "The number of samples of a signal can't be read, so no sample of the file can be found.",
    RECORD_DURATION: "The header states no usable duration of a data record, so no rate and no time is known.",
    START_UNKNOWN: "The start date or time can't be read.",
    START_REPAIRED: "The start date or time is written in an unusual way and was read all the same.",
    DATE_HIDDEN: "The start date was made anonymous; the time of day stands.",
    DATES_DIFFER: "The header states two different start dates.",
    GAPS: "The recording has gaps.",
    GAPS_UNDECLARED: "The file says that it has no gaps, but its own clock shows some.",
    CLOCK_UNREADABLE: "The time of a data record can't be read; it was taken to follow the one before.",
    CLOCK_BACKWARDS: "The clock of the file runs back; the record was taken to follow the one before.",
    CLOCK_DRIFT: "The file's clock and its number of samples drift apart.",
    FIRST_RECORD_LATE: "The first data record does not begin at the start time of the header.",
    SIGNAL_COUNT: "The number of signals can't be read; it follows from the length of the header.",
    FORMAT_MISMATCH: "What the header says of its format and what the file holds differ.",
    ENCODING: "The text has an unusual encoding.",
    HEADER_SHIFTED: "Fields of the header stand some bytes from their place; they were put back in memory.",
    MARKS_BEFORE_STAGES: "Marks lie before the first sleep stage, where none is known.",
    UNKNOWN_LABELS: "Marks whose label is not known are kept as marks of the user.",
    EMPTY_MARKS: "Marks without a label.",
    UNREADABLE_MARKS: "Marks that can't be read.",
    MARKS_OUTSIDE: "Marks outside the recording.",
    STAGES_OVERLAP: "Sleep stages overlap.",
    STAGES_WITHOUT_DURATION: "Sleep stages without a duration.",
    NO_MOVEMENT_MARKS: "No leg movement is marked: either there was none or none was scored.",
    VENDOR_SERIES: "A series found by the maker's program is shown and not used for scoring.",
    ARTIFACTS_WITHOUT_CHANNEL: "Artefacts are marked without saying in which signal.",
    DURATIONS_DIFFER: "The duration of a mark and its end time differ; the duration was taken.",
    DATE_ORDER: "Day and month of the dates can't be told apart.",
    CLOCKS_ALIGNED: "The marks begin at another time than the recording and were moved.",
    CLOCKS_UNKNOWN: "A start time is missing, so marks and recording were laid over each other at their starts.",
    SAME_MARKS: "The same marks stand twice and count once.",
    EPOCH_ASSUMED: "The file does not say how long an epoch lasts; 30 s was taken.",
    STAGE_NUMBERS: "Sleep stages are numbers; what 4 means differs between programs.",
    MARKS_WITHOUT_DURATION: "Marks without a duration, which was taken as 0 s.",
    SIDES_UNKNOWN: "Marks whose side can't be read.",
    MUSCLE_ACTIVITY: "Phasic or tonic muscle activity is marked, which is no leg movement by name.",
    STAGES_BESIDE: "Sleep stages stand only beside other events and were not taken.",
    CLOCK_UNEVEN: "The samples do not follow each other evenly.",
    CLOCK_REPEATS: "The clock of the samples stands still or runs back.",
    CLOCK_UNIT: "The unit of the clock was told by its step.",
    CLOCK_COARSE: "The clock of the samples is coarse, so short gaps can't be seen.",
    CHECKSUM: "The samples do not have the checksum that the header states.",
    FIRST_SAMPLE: "The first sample is not the one that the header states.",
    NOT_VERIFIED: "The samples are too many to be verified when the file is opened.",
    UNREADABLE_CELLS: "Cells of a table of samples are empty or can't be read.",
    LONE_SAMPLES: "Samples that stand alone between gaps were left out.",
    TIME_MISSING: "Rows of a table of samples have no readable time and were left out.",
    RATE_DIFFERS: "The sampling rate that was stated is not that of the file's clock.",
    COLUMNS_LEFT: "Columns of a table hold no signal and were not read.",
    RATE_DEFAULT: "A WFDB header states no sampling rate.",
    LABEL_REPAIRED: "A channel label is not plain ASCII, or missing; it was read as well as can be.",
    LABEL_TWICE: "Several channels have one label; a number was added.",
    NO_SCALE: "The limits of a channel are equal or unreadable, so its samples have no size.",
    LIMITS_INVERTED: "The digital limits of a channel are the wrong way round; the scale was read as written.",
    UNIT_UNKNOWN: "The unit of a muscle channel is no voltage.",
    UNIT_STATED: "The unit of a channel was stated by the user.",
    NO_LEG: "No leg channel was found.",
    ONE_LEG: "Only one leg was recorded.",
    LEGS_TOGETHER: "Both legs are on one channel.",
    SIDE_UNKNOWN: "The side of a leg channel is not known.",
    LEG_TWICE: "One leg has several channels.",
    RESOLUTION_COARSE: "One digital step of a leg channel is larger than the rule needs.",
    RATE_LOW: "The sampling rate of a leg channel is too low.",
    RATE_MODEST: "The sampling rate of a leg channel is below 200 Hz.",
    RANGE_SMALL: "A leg channel clips at a low amplitude.",
    NO_SAMPLES: "A channel has no samples.",
    RATE_STATED: "The sampling rate was stated by the user.",
    SAMPLES_INVALID: "Samples are marked as invalid in the file; they have no value.",
    UNCALIBRATED: "A channel was not calibrated, so its samples have no unit.",
    UNIT_BY_GRAVITY: "The unit of an accelerometer was told by gravity.",
    NO_GRAVITY: "An accelerometer channel does not hold gravity.",
    GLITCHES: "An accelerometer shows readings that no leg movement makes.",
    UNITS_DIFFER: "The unit that the file states and what its samples show differ.",
    CLIPPED: "Samples lie at the limit of the converter.",
}

# ---- E1xx: the call, E2xx: files, E3xx: recordings -------------------------------------------------------------------
STATED_NOTHING = "E110"
# E204 to E207 belong to the case file and the outputs of the command line, E301 to scoring as a whole.
MISSING = "E210"
NOT_A_FILE = "E211"
NOT_READABLE = "E212"
EMPTY = "E213"
NOT_A_RECORDING = "E214"
TEXT_AS_EDF = "E215"
HEADER_CUT = "E216"
HEADER_BROKEN = "E217"
CHANGED = "E218"
TSV_HEADER = "E219"
TSV_ROW = "E220"
TSV_EVENT = "E221"
TSV_SIDE = "E222"
TSV_NUMBER = "E223"
TSV_COMMENT = "E224"
EXPORT_ROW = "E225"
NOT_WRITABLE = "E227"
TOO_LARGE = "E228"
XML_BROKEN = "E229"
XML_ENTITIES = "E230"
COMPRESSED = "E231"
WFDB_HEADER = "E232"
WFDB_MISSING = "E233"
WFDB_FORMAT = "E234"
WFDB_PLACE = "E235"
RATE_NEEDED = "E236"
TABLE_BROKEN = "E237"
TABLE_LARGE = "E238"
CLOCK_UNCLEAR = "E239"
GRAVITY_UNCLEAR = "E240"
JSON_BROKEN = "E241"
NO_SUCH_CHANNEL = "E242"
SAMPLES_UNSCALED = "E303"
MARKS_ELSEWHERE = "E304"
CANNOT_WRITE = "E305"

ERRORS: dict[str, str] = {
    MISSING: "There is no such file.",
    NOT_A_FILE: "The path is a folder or a device, not a file.",
    NOT_READABLE: "The file can't be opened.",
    EMPTY: "The file is empty.",
    NOT_A_RECORDING: "The file is none of the formats that are read.",
    TEXT_AS_EDF: "The file has the name of a recording, but holds text.",
    HEADER_CUT: "The file ends inside its header.",
    HEADER_BROKEN: "The header does not say how many signals there are.",
    CHANGED: "The file changed or shrank while it was read.",
    TSV_HEADER: "The first line of an event table does not name the columns that are needed.",
    TSV_ROW: "A line of an event table has more or fewer cells than its header.",
    TSV_EVENT: "An event of an event table is not in the vocabulary.",
    TSV_SIDE: "A side of an event table is not left, right, both or n/a.",
    TSV_NUMBER: "A time of an event table is not a number.",
    TSV_COMMENT: "The start or duration above an event table can't be read.",
    EXPORT_ROW: "A line of an exported list of events can't be read.",
    NOT_WRITABLE: "The file can't be written.",
    TOO_LARGE: "The text file is too large to be a list of marks.",
    XML_BROKEN: "An XML file of scored events is broken.",
    XML_ENTITIES: "An XML file holds a document type definition or entities, which are never expanded.",
    COMPRESSED: "The file is compressed.",
    WFDB_HEADER: "A WFDB header can't be understood.",
    WFDB_MISSING: "The signal file that a WFDB header names is missing.",
    WFDB_FORMAT: "A WFDB record is stored in a way that is not read.",
    WFDB_PLACE: "A WFDB header names a signal file outside its own folder.",
    RATE_NEEDED: "A table of samples has no clock, so its sampling rate must be stated.",
    TABLE_BROKEN: "A table of samples can't be read.",
    TABLE_LARGE: "A table of samples is too large to be read as text.",
    CLOCK_UNCLEAR: "The clock of the samples can't be understood.",
    GRAVITY_UNCLEAR: "The unit of an accelerometer can't be told.",
    JSON_BROKEN: "A JSON file of samples can't be read.",
    STATED_NOTHING: "The unit or rate stated by the user is not one that can be used.",
    SAMPLES_UNSCALED: "The samples of a channel have no size.",
    MARKS_ELSEWHERE: "The marks lie wholly outside the recording.",
    NO_SUCH_CHANNEL: "A channel whose role is told is not in the recording.",
    CANNOT_WRITE: "The signals or marks can't be written as EDF+.",
}
