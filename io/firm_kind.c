/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "io/identity.h"

static bool same_text(fn_words text, const char *word)
{
    size_t i = 0;
    for (; i < text.length && word[i]; i++) {
        char c = text.bytes[i];
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != word[i]) return false;
    }
    return i == text.length && !word[i];
}

/* Classes of buyers in the two lists that publishers use. Public undertakings and utilities are firms: a state holding
 * can be a central company. Classes that leave it open (subsidised body, other) say nothing. */
const char *fn_kind_from_class(fn_words scheme, fn_words id)
{
    static const struct { const char *id, *kind; } row[] = {
        { "cga", "authority" }, { "ra", "authority" }, { "la", "authority" }, { "rl-aut", "authority" },
        { "body-pl", "authority" }, { "body-pl-cga", "authority" }, { "body-pl-ra", "authority" },
        { "body-pl-la", "authority" }, { "eu-ins-bod-ag", "authority" }, { "eu-int-org", "authority" },
        { "int-org", "authority" }, { "grp-p-aut", "authority" }, { "def-cont", "authority" },
        { "pub-undert", "firm" }, { "pub-undert-cga", "firm" }, { "pub-undert-ra", "firm" },
        { "pub-undert-la", "firm" }, { "spec-rights-entity", "firm" },
        { "ministry", "authority" }, { "national_agency", "authority" }, { "regional_authority", "authority" },
        { "regional_agency", "authority" }, { "body_public", "authority" }, { "eu_institution", "authority" },
        { "1", "authority" }, { "3", "authority" }, { "4", "firm" }, { "5", "authority" }, { "5a", "authority" },
        { "6", "authority" }, { "n", "authority" }, { "r", "authority" }
    };
    if (!same_text(scheme, "ted_ca_type") && !same_text(scheme, "eu-buyer-legal-type")
        && !same_text(scheme, "buyer-legal-type")) return NULL;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (same_text(id, row[i].id)) return row[i].kind;
    return NULL;
}

/* Does the blank-separated text hold the words, which may end in "*" (any ending)? */
static bool holds(const fn_bytes *text, const char *words)
{
    size_t size = strlen(words);
    bool open = words[size - 1] == '*';
    if (open) size--;
    for (size_t at = 0; at + size <= text->length; at++) {
        if ((at > 0 && text->text[at - 1] != ' ') || memcmp(text->text + at, words, size) != 0) continue;
        if (open || at + size == text->length || text->text[at + size] == ' ') return true;
    }
    return false;
}

static bool holds_any(const fn_bytes *text, const char *const *words)
{
    for (; *words; words++)
        if (holds(text, *words)) return true;
    return false;
}

static const char *const university_words[] = {
    "universit*", "universidad*", "universidade*", "uniwersytet*", "университет*", "університет*",
    "politecnico", "polytechnic*", "politechnika", "hochschule", NULL
};
static const char *const bank_words[] = {
    "bank", "banca", "banco", "banque", "banka", "bankas", "pank", "банк", "банкі", "banche", "sparkasse", NULL
};
/* Legal forms inside a name: "Rossi sas di Bianchi & C." */
static const char *const form_words[] = {
    "srl", "spa", "snc", "sas", "sapa", "gmbh", "ltd", "limited", "llc", "inc", "ооо", "тоо", "жшс", "ао", "оао", "зао",
    "пао", "scarl", "s c ar l", "scrl", "srls", "srlu", "scs", "soc coop", "soc cooperativa", "societa cooperativa",
    "societa consortile", "soc consortile", "cooperativa sociale", NULL
};
/* Lasting bodies of several firms. Not markers of a joint bid: such a body bids as one. */
static const char *const lasting_words[] = { "consorzio", "consorcio", "консорциум", "konsorcjum", NULL };
static const char *const authority_words[] = {
    "comune di", "comune", "dipartimento", "provincia di", "provincia", "citta di", "citta metropolitana di",
    "regione", "unione dei comuni", "ministero", "prefettura", "ministry", "ministerio", "ministere", "ministerium",
    "ministerstvo", "ministerstwo", "министерство", "министрлігі", "міністерство", "ministerul", "municipality",
    "municipio", "municipiul", "municipalidad", "municipal", "ayuntamiento", "alcaldia", "prefeitura",
    "camara municipal", "gobierno", "secretaria de", "secretaria", "delegacion", "council", "borough", "county",
    "city of", "ville de", "mairie", "commune de", "commune", "departement", "stadt", "gemeinde", "landkreis",
    "bundesamt", "gmina", "urzad", "powiat", "primaria", "consiliul", "община", "администрация", "акимат", "әкімдігі",
    "аппарат акима", "управление", "басқармасы", "департамент", "комитет", "рада", "parliament", "government",
    "governo", "department", "agency", "agenzia", "authority", "federal", "commission", "obec", "mesto", "opstina",
    "komuna", "polizia municipale", "polizia locale", "segreteria generale", "assessorato", "giunta", "questura",
    "camera di commercio", "azienda sanitaria", "azienda unita sanitaria", "azienda ospedaliera",
    "istituto comprensivo", "direccion general", "hospital", "hospitalier", "hopital", "ospedale", "krankenhaus",
    "spital", "szpital", "больница", "лікарня", "rectorat", "prefecture", "police", "fire and rescue", "nhs",
    "state of", "town of", "school", "academie", "landeshauptstadt", "landratsamt", "finanzamt", "bezirksamt",
    "magistrat", "starostwo", "miasto", "directia", "inspectoratul", "мэрия", "правительство", "агентство", "школа",
    "отдел образования", "мәслихат*", "бөлімі", "департаменті", "агенттігі", "комитеті", "мектебі", "управління",
    "міська рада", "administration", "prosecutor*", "service of the", "investigation service", "voirie", "incendie",
    "travaux publics", "arrondissement", "materiel roulant", "imsp", "institutul", "achizitii publice", NULL
};
/* Offices that are called by their field alone: the buyer "Culture" of a city. */
static const char *const field_names[] = {
    "culture", "cultura", "environnement", "environment", "ambiente", "medio ambiente", "umwelt", "finance",
    "finances", "finanze", "finanzas", "finanzen", "education", "istruzione", "educacion", "bildung", "health",
    "sante", "sanita", "salud", "transport", "transports", "trasporti", "transportes", "developpement economique",
    "economic development", "urbanisme", "urbanistica", "urbanismo", "образование", "здравоохранение", "культура",
    "финансы", NULL
};
/* Offices that begin the name of a buyer: "Settore Lavori Pubblici", "Direction des achats". Inside a name, or of one
 * that only sells, they say nothing. */
static const char *const office_words[] = {
    "settore", "servizio", "servizi", "ufficio", "direzione", "area", "ripartizione", "sezione", "segreteria",
    "unita", "vice segreteria", "ville", "direction", "service", "services", "bureau", "direccion", "servicio",
    "servicios", "oficina", "coordinacion", "subdireccion", "consejo", "direcao", "servico", "divisao", "amt",
    "referat", "dezernat", "abteilung", "fachbereich", "office", "directorate", "division", "board of", "wydzial",
    "zarzad", "biuro", "отдел", "служба", "дирекция", "инспекция", "палата", "басқарма", "қызметі", "відділ",
    "serviciul", "biroul", NULL
};

static bool is_any(const fn_bytes *text, const char *const *words)
{
    for (; *words; words++)
        if (text->length == strlen(*words) && memcmp(text->text, *words, text->length) == 0) return true;
    return false;
}

static bool begins_with_any(const fn_bytes *text, const char *const *words)
{
    for (; *words; words++) {
        size_t size = strlen(*words);
        if (text->length >= size && memcmp(text->text, *words, size) == 0
            && (text->length == size || text->text[size] == ' ')) return true;
    }
    return false;
}

const char *fn_kind_from_name(const fn_name_key *name, bool buys)
{
    if (name->placeholder || !name->words.text) return NULL;
    bool university = holds_any(&name->words, university_words), bank = holds_any(&name->words, bank_words);
    if (name->consortium) return "consortium";
    switch (name->form) {
    case FN_FORM_PERSON:
        return "person";
    case FN_FORM_STATE_BODY:
        return university ? "university" : "authority";
    case FN_FORM_LLC: case FN_FORM_JSC: case FN_FORM_PARTNERSHIP: case FN_FORM_COOPERATIVE: case FN_FORM_STATE_FIRM:
        return bank ? "bank" : "firm";
    case FN_FORM_ASSOCIATION: case FN_FORM_NONE:
        break;
    }
    if (holds_any(&name->words, form_words)) return bank ? "bank" : "firm";
    if (university) return "university";
    if (bank) return "bank";
    if (holds_any(&name->words, lasting_words)) return "consortium";
    if (buys && (holds_any(&name->words, authority_words) || begins_with_any(&name->words, office_words)
                 || is_any(&name->words, field_names))) return "authority";
    return NULL;
}
